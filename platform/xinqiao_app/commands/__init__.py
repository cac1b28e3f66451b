"""One module a group of commands: `add_arguments` describes it, heavy imports wait until it runs."""
