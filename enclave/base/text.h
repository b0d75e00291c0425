/*
 * text.h - text that may come from anybody: is it UTF-8, is it a name, how to print it safely.
 */
#ifndef SL_BASE_TEXT_H
#define SL_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enclave/base/buf.h"

/* sl_text_is_utf8 - well-formed UTF-8 without NUL, surrogates or overlong forms. */
bool sl_text_is_utf8(const void *data, size_t len);

/*
 * sl_text_is_clean - UTF-8 without control characters (C0, C1, DEL), bidirectional controls, line and
 * paragraph separators, zero-width characters other than joiners, or private use. What a label, title or
 * name must be.
 */
bool sl_text_is_clean(const void *data, size_t len);

/*
 * sl_text_is_ident - [A-Za-z_][A-Za-z0-9_-]*, or any clean UTF-8 letters beyond ASCII in the same places; at most
 * 64 bytes. No dot, space or quote of ASCII; nothing that is not seen; a joiner only between letters that it joins.
 */
bool sl_text_is_ident(const char *s);

/*
 * Blank is what nothing is seen of: empty, or spaces of any kind, fillers, joiners, variants and what is not clean.
 * sl_text_is_unseen - of one code point, those that are clean alone.
 * sl_text_trim - *s moved to the first that is seen; how many bytes are left up to behind the last. 0: it is blank.
 * sl_text_says - what an author or a person who decides has to write: one clean line of at most bytes_max that is not
 * blank.
 */
bool sl_text_is_unseen(uint32_t code);
size_t sl_text_trim(const char **s, size_t len);
bool sl_text_is_blank(const char *s);
bool sl_text_says(const char *s, size_t bytes_max);

/* sl_text_next - decode one code point at *s (well-formed or not); advances *s; U+FFFD for a bad byte. */
uint32_t sl_text_next(const char **s, const char *end);

/* sl_text_put - the UTF-8 of a code point (at most U+10FFFF); returns its 1 to 4 bytes. */
size_t sl_text_put(uint32_t code, char out[static 4]);

/* sl_text_cut - how much of `len` bytes to keep so that at most `max` are left and no code point is cut in two. */
size_t sl_text_cut(const char *s, size_t len, size_t max);

/* sl_text_width - terminal columns of well-formed text (wide CJK counts two, combining marks none). */
size_t sl_text_width(const char *s, size_t len);

/* sl_text_quote - append clean text in double quotes, as JSON and Lua read it. */
void sl_text_quote(struct sl_buf *out, const char *s);

/*
 * sl_text_escape - append s so that it can do nothing to a terminal or a log: bytes sl_text_is_clean
 * would refuse become \xNN or \u{...}; a line feed becomes \n. Backslash is doubled.
 */
void sl_text_escape(struct sl_buf *out, const char *s, size_t len);

/*
 * sl_text_near - index of the name most like `word` (optimal string alignment distance at most a third of
 * its length, at least 1; A is a), or -1. Ties: the first. For "did you mean".
 */
int sl_text_near(const char *word, const char *const *names, size_t nnames);

/*
 * sl_text_hex - lower-case hex of data into out (2*len+1 bytes). sl_text_unhex - false unless exactly len bytes of
 * hex.
 */
void sl_text_hex(const uint8_t *data, size_t len, char *out);
bool sl_text_unhex(const char *hex, uint8_t *out, size_t len);

#endif
