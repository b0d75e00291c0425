/*
 * json.h - strict JSON with places: every message names file, line and column of the key or value it is about.
 *
 * jansson parses; a small tokenizer finds where in the text a path stands. Duplicate keys, NUL, bad UTF-8, deep
 * nesting and anything behind the value are refused before a caller sees the document.
 *
 * A struct sl_json_at is a place on the way from the root, kept on the caller's stack: it borrows its parent.
 */
#ifndef SL_POLICY_JSON_JSON_H
#define SL_POLICY_JSON_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "enclave/base/buf.h"
#include "enclave/pact/view.h"
#include "policy/json/arena.h"

#define SL_JSON_DEPTH_MAX 32

struct sl_json_places;

struct sl_json_doc {
	const char *file; /* borrowed */
	const char *text; /* borrowed, len bytes */
	size_t len;
	struct sl_json_arena arena; /* holds root and all that hangs on it */
	const json_t *root; /* gone with the document: nothing of it is kept or changed */
	struct sl_json_places *places; /* owned; what was looked up last */
	bool without_places; /* sl_json_where says 0: nobody will be told of a place. Faults have theirs all the same */
};

struct sl_json_at {
	const struct sl_json_doc *doc;
	const struct sl_json_at *parent; /* NULL: the root */
	const char *key;                 /* member of an object; NULL: element `index` of an array, or the root */
	size_t index;
	const json_t *value;
};

/*
 * sl_json_open - parse len bytes into *doc (any content; sl_json_close frees). text and file are borrowed until then.
 * sl_json_root - the place of the whole document.
 * Fails: SL_E_INPUT with line and column; SL_E_LIMIT for more than bytes_max bytes; SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_json_open(const char *file, const void *text, size_t len, size_t bytes_max,
                                      struct sl_json_doc *doc, struct sl_err *err);
void sl_json_close(struct sl_json_doc *doc);
struct sl_json_at sl_json_root(const struct sl_json_doc *doc);

/*
 * sl_json_where - line and column (1-based, column in characters) of a place: of its key when it is a member and
 * `key` is asked, of its value otherwise.
 * sl_json_from - the text of a value, up to the end of the file. NULL: it is not found.
 * sl_json_fault - record SL_E_INPUT at that place: file:line:col and "path: message". Returns the code.
 */
void sl_json_where(const struct sl_json_at *at, bool key, uint32_t *line, uint32_t *col);
const char *sl_json_from(const struct sl_json_at *at);
enum sl_rc sl_json_fault(const struct sl_json_at *at, bool key, struct sl_err *err, const char *fmt, ...)
	SL_PRINTF(4, 5);

/*
 * Typed reading. Each fails with SL_E_INPUT that says what is expected and what stands there.
 *
 * sl_json_keys - at is an object with no key besides names[0..n); an unknown one is refused with the nearest name.
 * sl_json_has - a member of that name exists. sl_json_opt - the same, with its place.
 * sl_json_get - its place; absent: SL_E_INPUT "missing". sl_json_item - element i of an array.
 * sl_json_is_object, sl_json_is_array - right type, and at most max members.
 */
SL_MUST_CHECK enum sl_rc sl_json_keys(const struct sl_json_at *at, const char *const *names, size_t n,
                                      struct sl_err *err);
bool sl_json_has(const struct sl_json_at *at, const char *key);
bool sl_json_opt(const struct sl_json_at *at, const char *key, struct sl_json_at *out);
SL_MUST_CHECK enum sl_rc sl_json_get(const struct sl_json_at *at, const char *key, struct sl_json_at *out,
                                     struct sl_err *err);
struct sl_json_at sl_json_item(const struct sl_json_at *at, size_t i);
SL_MUST_CHECK enum sl_rc sl_json_is_object(const struct sl_json_at *at, size_t max, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_json_is_array(const struct sl_json_at *at, size_t max, struct sl_err *err);

/* Members of an object in file order. Start with *iter NULL; false: no more. */
bool sl_json_next(const struct sl_json_at *at, void **iter, struct sl_json_at *out);

/*
 * sl_json_text - a string that sl_text_is_clean, of 1 (0 when `empty_ok`) to bytes_max bytes; heap copy in *out,
 *   which must be NULL or owned heap (it is freed first).
 * sl_json_name - the same, and sl_text_is_ident.
 * sl_json_bool, sl_json_u64 - a value in [lo, hi].
 * sl_json_decimal - a number, or with `text_ok` a string of one, onto grid `scale` exactly as written; digits beyond
 *   the grid are refused.
 */
SL_MUST_CHECK enum sl_rc sl_json_text(const struct sl_json_at *at, size_t bytes_max, bool empty_ok, char **out,
                                      struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_json_name(const struct sl_json_at *at, char **out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_json_bool(const struct sl_json_at *at, bool *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_json_u64(const struct sl_json_at *at, uint64_t lo, uint64_t hi, uint64_t *out,
                                     struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_json_decimal(const struct sl_json_at *at, int scale, bool text_ok, int64_t *out,
                                         struct sl_err *err);

/* sl_json_choice - a string that is one of names[0..n); its index. Refused with the nearest name and the list. */
SL_MUST_CHECK enum sl_rc sl_json_choice(const struct sl_json_at *at, const char *const *names, size_t n, size_t *out,
                                        struct sl_err *err);

/* sl_json_twice - index of the first text that stands earlier in the list already; n: none does. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_json_twice(struct sl_label *texts, uint32_t n, uint32_t *second, struct sl_err *err);

/* sl_json_calloc - n zeroed elements (1 when n is 0), or SL_E_NOMEM in err and NULL. */
void *sl_json_calloc(size_t n, size_t size, struct sl_err *err);

#endif
