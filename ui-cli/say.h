/*
 * say.h - what goes to the terminal: every text that came from elsewhere is escaped on the way.
 */
#ifndef SL_UI_SAY_H
#define SL_UI_SAY_H

#include <stdbool.h>
#include <stdio.h>

#include "enclave/base/buf.h"

/*
 * sl_say_text - print untrusted text on one line, escaped (sl_text_escape).
 * sl_say_told - the same for a sentence of ours that quotes others' words already escaped: backslashes are not doubled.
 * sl_say_lines - untrusted text of several lines, each escaped, tabs as blanks, `indent` before each.
 * sl_say_told_lines - the same without doubling backslashes.
 * sl_say_json - a JSON document, the same value: characters of its texts that sl_text_is_clean refuses as \uXXXX.
 */
void sl_say_text(FILE *f, const char *s, size_t len);
void sl_say_told(FILE *f, const char *s);
void sl_say_lines(FILE *f, const char *indent, const void *s, size_t len);
void sl_say_told_lines(FILE *f, const char *indent, const char *s);
void sl_say_json(FILE *f, const char *json);

/*
 * sl_say_error - "sluice: file:line:col: text", the source line, the rule and the remedy, on f. source_line "" :
 * none.
 */
void sl_say_error(FILE *f, const struct sl_err *err, const char *source_line);

#endif
