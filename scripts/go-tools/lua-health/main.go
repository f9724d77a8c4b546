// Command lua-health reads a Kubernetes object as JSON on its standard input, runs the health script that its argument names on it, and
// prints the health that Argo CD would show, as JSON. The script gets what Argo CD gives it: the object as the global `obj`, a second of
// time, and no library but the base one and `table` (of `os`, Argo CD gives the time of day, which no health of ours may depend on).
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"
)

type health struct {
	Status  string `json:"status"`
	Message string `json:"message,omitempty"`
}

var known = []string{"Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 1 {
		return fmt.Errorf("usage: lua-health script.lua < object.json")
	}
	script, err := os.ReadFile(arguments[0])
	if err != nil {
		return err
	}
	var object map[string]any
	if err := json.NewDecoder(os.Stdin).Decode(&object); err != nil {
		return fmt.Errorf("standard input is no JSON object: %w", err)
	}
	found, err := healthOf(object, string(script))
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}

// healthOf asks no script about an object under deletion, as Argo CD does not.
func healthOf(object map[string]any, script string) (health, error) {
	if metadata, ok := object["metadata"].(map[string]any); ok && metadata["deletionTimestamp"] != nil {
		return health{"Progressing", "Pending deletion"}, nil
	}
	state := newState()
	defer state.Close()
	limited, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	state.SetContext(limited)
	state.SetGlobal("obj", inLua(state, object))
	if err := state.DoString(script); err != nil {
		return health{}, err
	}
	return returned(state.Get(-1))
}

func newState() *lua.LState {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	libraries := map[string]lua.LGFunction{
		lua.LoadLibName: lua.OpenPackage,
		lua.BaseLibName: lua.OpenBase,
		lua.TabLibName:  lua.OpenTable,
	}
	for _, name := range []string{lua.LoadLibName, lua.BaseLibName, lua.TabLibName} {
		state.Push(state.NewFunction(libraries[name]))
		state.Push(lua.LString(name))
		state.Call(1, 0)
	}
	return state
}

func returned(value lua.LValue) (health, error) {
	table, ok := value.(*lua.LTable)
	if !ok {
		return health{}, fmt.Errorf("the script returns a %s; Argo CD expects a table", value.Type())
	}
	status := lua.LVAsString(table.RawGetString("status"))
	if !slices.Contains(known, status) {
		return health{}, fmt.Errorf("the script returns the status %q; Argo CD knows %v", status, known)
	}
	return health{status, lua.LVAsString(table.RawGetString("message"))}, nil
}

func inLua(state *lua.LState, value any) lua.LValue {
	switch typed := value.(type) {
	case bool:
		return lua.LBool(typed)
	case float64:
		return lua.LNumber(typed)
	case string:
		return lua.LString(typed)
	case []any:
		list := state.CreateTable(len(typed), 0)
		for _, item := range typed {
			list.Append(inLua(state, item))
		}
		return list
	case map[string]any:
		table := state.CreateTable(0, len(typed))
		for key, item := range typed {
			table.RawSetString(key, inLua(state, item))
		}
		return table
	}
	return lua.LNil
}
