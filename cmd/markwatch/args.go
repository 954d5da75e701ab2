package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves flags before the other arguments of their command, so that
// "query marks --format csv" is understood like "query --format csv marks":
// the library stops looking for flags at the first argument that is none.
func flagsFirst(app *cli.App, args []string) []string {
	if len(args) == 0 {
		return args
	}
	out, rest := []string{args[0]}, args[1:]
	flags, commands := app.Flags, app.Commands
	for {
		flagArgs, others, next := takeFlags(flags, commands, rest)
		out = append(out, flagArgs...)
		if next == nil {
			if len(others) > 0 && strings.HasPrefix(others[0], "-") && others[0] != "-" {
				out = append(out, "--")
			}
			return append(out, others...)
		}
		out = append(out, next.Name)
		flags, commands, rest = slices.Concat(next.Flags, nil), next.Subcommands, others
	}
}

// takeFlags splits args into flags with their values and the rest. It ends at
// the name of a command, whose own arguments are then the rest.
func takeFlags(flags []cli.Flag, commands []*cli.Command, args []string) (flagArgs, others []string, next *cli.Command) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			return flagArgs, append(others, args[i+1:]...), nil
		case len(arg) > 1 && arg[0] == '-':
			flagArgs = append(flagArgs, arg)
			if takesValue(flags, arg) && i+1 < len(args) {
				i++
				flagArgs = append(flagArgs, args[i])
			}
		default:
			if len(others) == 0 {
				for _, c := range commands {
					if c.HasName(arg) {
						return flagArgs, args[i+1:], c
					}
				}
			}
			others = append(others, arg)
		}
	}
	return flagArgs, others, nil
}

// takesValue tells whether the next argument belongs to this flag.
func takesValue(flags []cli.Flag, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	if strings.Contains(name, "=") {
		return false
	}
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			_, isBool := f.(*cli.BoolFlag)
			return !isBool
		}
	}
	return false
}
