"""The directory of opportunities: what is looked for, how it is found, counted, sorted and shown."""
