/* canon.c - see canon.h. */
#include "jobs/sign/canon.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/vault/seal.h"

#define CANONICAL (JSON_COMPACT | JSON_SORT_KEYS)

/* How deep brackets nest outside strings, before a recursive parser sees them. */
static bool too_deep(const char *text, size_t len)
{
	bool in_string = false;
	size_t depth = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '[' || c == '{') && ++depth > SL_CANON_DEPTH_MAX)
			return true;
		else if (!in_string && (c == ']' || c == '}') && depth > 0)
			depth--;
	}
	return false;
}

enum sl_rc sl_canon_parse(const char *what, const void *text, size_t len, size_t bytes_max, json_t **out,
                          struct sl_err *err)
{
	json_error_t said = { 0 };
	enum sl_rc rc;

	*out = NULL;
	if (len > bytes_max)
		return sl_err_set(err, SL_E_LIMIT, "%s has %zu bytes; at most %zu", what, len, bytes_max);
	if (!sl_text_is_utf8(text, len))
		return sl_err_set(err, SL_E_INPUT, "%s is not UTF-8 text", what);
	if (too_deep(text, len))
		return sl_err_set(err, SL_E_INPUT, "%s nests deeper than %d", what, SL_CANON_DEPTH_MAX);
	*out = json_loadb(text, len, JSON_REJECT_DUPLICATES, &said);
	if (*out != NULL)
		return SL_OK;
	/* Where memory ends before the first character, the parser says nothing at all. */
	if (said.text[0] == '\0' || json_error_code(&said) == json_error_out_of_memory)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for %s", what);
	/* The parser quotes what it read. */
	struct sl_buf clean = { 0 };
	sl_text_escape(&clean, said.text, strlen(said.text));
	const char *shown = sl_buf_cstr(&clean);
	rc = sl_err_set(err, SL_E_INPUT, "%s: %s", what, shown != NULL ? shown : "not JSON");
	sl_err_at(err, what, said.line > 0 ? (uint32_t)said.line : 0, said.column > 0 ? (uint32_t)said.column : 0);
	sl_buf_free(&clean);
	return rc;
}

static bool has_real(const json_t *value)
{
	/* jansson iterates without changing; its older functions are declared for json_t * only. */
	json_t *v = (json_t *)(uintptr_t)value;
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_real(v))
		return true;
	json_array_foreach(v, i, member)
		if (has_real(member))
			return true;
	json_object_foreach(v, key, member)
		if (has_real(member))
			return true;
	return false;
}

static int append(const char *text, size_t len, void *to)
{
	struct sl_buf *out = to;

	sl_buf_put(out, text, len);
	return out->failed ? -1 : 0;
}

enum sl_rc sl_canon_put(const json_t *value, struct sl_buf *out, struct sl_err *err)
{
	size_t before = out->len;
	enum sl_rc rc;

	if (!json_is_object(value) && !json_is_array(value))
		return sl_err_set(err, SL_E_BUG, "canonical text is of an object or array");
	if (has_real(value))
		return sl_err_set(err, SL_E_BUG, "canonical text has no real numbers");
	if (json_dump_callback(value, append, out, CANONICAL) == 0 && !out->failed)
		return SL_OK;
	out->len = before;
	rc = sl_buf_ok(out, "canonical text", err);
	return rc != SL_OK ? rc : sl_err_set(err, SL_E_NOMEM, "out of memory for canonical text");
}

enum sl_rc sl_canon_read(const char *what, const void *text, size_t len, size_t bytes_max, json_t **out,
                         struct sl_err *err)
{
	struct sl_buf again = { 0 };
	json_t *value = NULL;
	enum sl_rc rc = sl_canon_parse(what, text, len, bytes_max, &value, err);

	*out = NULL;
	if (rc == SL_OK && has_real(value))
		rc = sl_err_set(err, SL_E_INPUT, "%s has a number that is not an integer", what);
	if (rc == SL_OK)
		rc = sl_canon_put(value, &again, err);
	if (rc == SL_OK && (again.len != len || memcmp(again.data, text, len) != 0))
		rc = sl_err_set(err, SL_E_INPUT, "%s is not in canonical form (compact, keys sorted)", what);
	if (rc == SL_OK) {
		*out = value;
		value = NULL;
	}
	json_decref(value);
	sl_buf_free(&again);
	return rc;
}

