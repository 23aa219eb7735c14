"""Who among staff has done what: every change with what was before and after, and one page of it all."""
