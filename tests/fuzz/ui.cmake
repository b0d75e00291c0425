sl_fuzz_target(ui_split SOURCES fuzz/ui_split.c LINKS sl_ui_words)
sl_fuzz_target(ui_csv SOURCES fuzz/ui_csv.c LINKS sl_ui_words)
