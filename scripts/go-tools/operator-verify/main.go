// Command operator-verify reads a bundle for the Operator Lifecycle Manager from the folder that its argument names, judges it by the
// rules of the Operator Framework (those that every catalog asks for, and those of OperatorHub.io), and prints each finding on a line.
// It ends with code 1 if there is an error among them.
package main

import (
	"fmt"
	"os"

	"github.com/operator-framework/api/pkg/manifests"
	"github.com/operator-framework/api/pkg/validation"
	"github.com/operator-framework/api/pkg/validation/errors"
)

func main() {
	ok, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

func run(arguments []string) (bool, error) {
	if len(arguments) != 1 {
		return false, fmt.Errorf("usage: operator-verify folder-of-bundle")
	}
	bundle, err := manifests.GetBundleFromDir(arguments[0])
	if err != nil {
		return false, err
	}
	validators := validation.DefaultBundleValidators.WithValidators(
		validation.OperatorHubV2Validator,
		validation.StandardCapabilitiesValidator,
		validation.StandardCategoriesValidator,
		validation.ObjectValidator,
		validation.GoodPracticesValidator,
		validation.AlphaDeprecatedAPIsValidator,
	)
	return told(validators.Validate(bundle.ObjectsToValidate()...)), nil
}

// told prints all findings and says whether there is no error among them.
func told(results []errors.ManifestResult) bool {
	ok := true
	for _, result := range results {
		for _, finding := range result.Errors {
			fmt.Printf("error: %s: %s\n", result.Name, finding.Error())
			ok = false
		}
		for _, finding := range result.Warnings {
			fmt.Printf("warning: %s: %s\n", result.Name, finding.Error())
		}
	}
	return ok
}
