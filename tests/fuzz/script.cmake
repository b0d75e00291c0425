sl_fuzz_target(script_expression SOURCES fuzz/script_expression.c LINKS sl_script)
sl_fuzz_target(script_text SOURCES fuzz/script_text.c LINKS sl_script)
