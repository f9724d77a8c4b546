// Command flux-health reads a Kubernetes object as JSON on its standard input and the expressions of one of Flux's healthCheckExprs as JSON
// from its argument, and prints what Flux concludes, as JSON. Where an expression has no answer, the status is Unknown, and Flux waits.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/apis/kustomize"
	"github.com/fluxcd/pkg/runtime/cel"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type verdict struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 1 {
		return fmt.Errorf("usage: flux-health '{\"current\": ...}' < object.json")
	}
	var expressions kustomize.HealthCheckExpressions
	if err := json.Unmarshal([]byte(arguments[0]), &expressions); err != nil {
		return fmt.Errorf("the expressions are no JSON object: %w", err)
	}
	evaluator, err := cel.NewStatusEvaluator(&expressions)
	if err != nil {
		return err
	}
	object := &unstructured.Unstructured{}
	if err := json.NewDecoder(os.Stdin).Decode(object); err != nil {
		return fmt.Errorf("standard input is no Kubernetes object: %w", err)
	}
	return json.NewEncoder(os.Stdout).Encode(evaluate(evaluator, object))
}

func evaluate(evaluator *cel.StatusEvaluator, object *unstructured.Unstructured) verdict {
	result, err := evaluator.Evaluate(context.Background(), object)
	if err != nil {
		return verdict{string(status.UnknownStatus), err.Error()}
	}
	return verdict{string(result.Status), result.Message}
}
