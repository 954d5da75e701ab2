package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst puts each flag where the library looks for it, directly behind
// the command that has it. A person may then write flags anywhere, as in
// "query marks --format csv --store DIR": the library itself takes only flags
// of the command they follow, and none after the first argument.
func flagsFirst(app *cli.App, args []string) ([]string, error) {
	if len(args) == 0 {
		return args, nil
	}
	path := []*level{{name: args[0], flags: app.Flags, commands: app.Commands}}
	var others []string
	for i := 1; i < len(args); i++ {
		arg := args[i]
		last := path[len(path)-1]
		switch {
		case arg == "--":
			others = append(others, args[i+1:]...)
			i = len(args)
		case len(arg) > 1 && arg[0] == '-':
			owner, takesValue := ownerOf(path, arg)
			owner.args = append(owner.args, arg)
			if takesValue && i+1 == len(args) {
				return nil, usagef("%s needs a value after it", arg)
			}
			if takesValue {
				i++
				owner.args = append(owner.args, args[i])
			}
		case len(others) == 0 && last.command(arg) != nil:
			next := last.command(arg)
			path = append(path, &level{name: arg, flags: next.Flags, commands: next.Subcommands})
		default:
			others = append(others, arg)
		}
	}
	var out []string
	for _, l := range path {
		out = append(append(out, l.name), l.args...)
	}
	if len(others) > 0 && len(others[0]) > 1 && others[0][0] == '-' {
		out = append(out, "--")
	}
	return append(out, others...), nil
}

// level is one command of a command line, with the flags that are its.
type level struct {
	name     string
	flags    []cli.Flag
	commands []*cli.Command
	args     []string
}

func (l *level) command(name string) *cli.Command {
	for _, c := range l.commands {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

// ownerOf is the innermost command of path that has the flag, and whether the
// next argument is its value; the innermost one for a flag that none has.
func ownerOf(path []*level, arg string) (owner *level, takesValue bool) {
	name, _, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	for _, l := range slices.Backward(path) {
		for _, f := range l.flags {
			if slices.Contains(f.Names(), name) {
				_, isBool := f.(*cli.BoolFlag)
				return l, !isBool && !hasValue
			}
		}
	}
	return path[len(path)-1], false
}
