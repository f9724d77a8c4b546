// Command kstatus reads a Kubernetes object as JSON on its standard input and prints what kstatus says of it, as JSON: the rules by
// which Flux, Helm and cli-utils decide whether to wait.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
)

type verdict struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var object map[string]any
	if err := json.NewDecoder(os.Stdin).Decode(&object); err != nil {
		return fmt.Errorf("standard input is no JSON object: %w", err)
	}
	result, err := status.Compute(&unstructured.Unstructured{Object: withIntegers(object)})
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(verdict{string(result.Status), result.Message})
}

// withIntegers turns whole numbers into int64, as clients of an API server decode them: kstatus takes no other for a generation.
func withIntegers(object map[string]any) map[string]any {
	for key, value := range object {
		object[key] = withInteger(value)
	}
	return object
}

func withInteger(value any) any {
	switch typed := value.(type) {
	case float64:
		if whole := int64(typed); float64(whole) == typed {
			return whole
		}
	case map[string]any:
		return withIntegers(typed)
	case []any:
		for index, item := range typed {
			typed[index] = withInteger(item)
		}
	}
	return value
}
