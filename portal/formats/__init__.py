"""How dates and times are written in each language where Django writes them: as portal/local_form.py does."""
