"""What investors, owners and officers are told: a module for each noun."""
