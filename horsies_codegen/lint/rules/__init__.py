"""Every code that the tool reports, one file each; `horsies_codegen.lint.registry` is the visible list."""
