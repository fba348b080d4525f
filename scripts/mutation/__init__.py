"""Plants faults in the rules, one at a time, and sees whether the tests notice: `make mutants`."""
