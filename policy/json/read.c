/* read.c - see json.h: typed reading. */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/num.h"
#include "enclave/base/text.h"
#include "policy/json/json.h"
#include "policy/json/token.h"

#define SHOWN_BYTES 80

static const char *kind_of(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_NULL:
		break;
	}
	return "null";
}

/* Text of the file for a message: escaped and cut. */
static void shown(const char *text, char out[static SHOWN_BYTES])
{
	struct sl_buf b = { .max = SHOWN_BYTES - 1 };
	size_t len = strlen(text);

	/* Whole characters, each escaped to at most 10 bytes, so that nothing is cut in the middle. */
	for (size_t n = len < SHOWN_BYTES - 1 ? len : SHOWN_BYTES - 1;; n--) {
		sl_buf_reset(&b);
		if (sl_text_is_utf8(text, n))
			sl_text_escape(&b, text, n);
		if ((!b.failed && b.len > 0) || n == 0)
			break;
	}
	memcpy(out, b.len > 0 ? (const char *)b.data : "", b.len);
	out[b.len] = '\0';
	sl_buf_free(&b);
}

static enum sl_rc wrong_type(const struct sl_json_at *at, const char *wanted, struct sl_err *err)
{
	return sl_json_fault(at, false, err, "expected %s, found %s", wanted, kind_of(at->value));
}

enum sl_rc sl_json_is_object(const struct sl_json_at *at, size_t max, struct sl_err *err)
{
	if (!json_is_object(at->value))
		return wrong_type(at, "an object", err);
	if (json_object_size(at->value) > max)
		return sl_json_fault(at, false, err, "more than %zu entries", max);
	return SL_OK;
}

enum sl_rc sl_json_is_array(const struct sl_json_at *at, size_t max, struct sl_err *err)
{
	if (!json_is_array(at->value))
		return wrong_type(at, "an array", err);
	if (json_array_size(at->value) > max)
		return sl_json_fault(at, false, err, "more than %zu entries", max);
	return SL_OK;
}

bool sl_json_next(const struct sl_json_at *at, void **iter, struct sl_json_at *out)
{
	/* jansson's iteration takes a mutable object and does not change it. */
	json_t *object = (json_t *)(uintptr_t)at->value;

	*iter = *iter == NULL ? json_object_iter(object) : json_object_iter_next(object, *iter);
	if (*iter == NULL)
		return false;
	*out = (struct sl_json_at){
		.doc = at->doc,
		.parent = at,
		.key = json_object_iter_key(*iter),
		.value = json_object_iter_value(*iter),
	};
	return true;
}

struct sl_json_at sl_json_item(const struct sl_json_at *at, size_t i)
{
	return (struct sl_json_at){ .doc = at->doc, .parent = at, .index = i, .value = json_array_get(at->value, i) };
}

enum sl_rc sl_json_keys(const struct sl_json_at *at, const char *const *names, size_t n, struct sl_err *err)
{
	struct sl_json_at member;
	enum sl_rc rc = sl_json_is_object(at, n + 1000, err);

	if (rc != SL_OK)
		return rc;
	/* The usual case in one pass: a domain of 20,000 labels is an object of as many keys. */
	size_t nknown = 0;
	for (size_t i = 0; i < n; i++)
		nknown += sl_json_has(at, names[i]);
	if (nknown == json_object_size(at->value))
		return SL_OK;
	for (void *iter = NULL; sl_json_next(at, &iter, &member);) {
		bool known = false;
		for (size_t i = 0; i < n && !known; i++)
			known = strcmp(member.key, names[i]) == 0;
		if (known)
			continue;
		char word[SHOWN_BYTES];
		shown(member.key, word);
		int near = sl_text_near(member.key, names, n);
		uint32_t line, col;
		sl_json_where(&member, true, &line, &col);
		/* The message is about the object; the place is the key's. */
		struct sl_err e = { 0 };
		rc = near >= 0 ? sl_json_fault(at, false, &e, "unknown key \"%s\" (did you mean \"%s\"?)", word,
		                               names[near])
		               : sl_json_fault(at, false, &e, "unknown key \"%s\"", word);
		(void)sl_err_set(err, rc, "%s", e.text);
		sl_err_at(err, at->doc->file, line, col);
		return rc;
	}
	return SL_OK;
}

bool sl_json_has(const struct sl_json_at *at, const char *key)
{
	return json_object_get(at->value, key) != NULL;
}

bool sl_json_opt(const struct sl_json_at *at, const char *key, struct sl_json_at *out)
{
	*out = (struct sl_json_at){
		.doc = at->doc, .parent = at, .key = key, .value = json_object_get(at->value, key)
	};
	return out->value != NULL;
}

enum sl_rc sl_json_get(const struct sl_json_at *at, const char *key, struct sl_json_at *out, struct sl_err *err)
{
	if (!json_is_object(at->value))
		return wrong_type(at, "an object", err);
	if (!sl_json_opt(at, key, out))
		return sl_json_fault(at, false, err, "missing key \"%s\"", key);
	return SL_OK;
}

enum sl_rc sl_json_text(const struct sl_json_at *at, size_t bytes_max, bool empty_ok, char **out, struct sl_err *err)
{
	if (!json_is_string(at->value))
		return wrong_type(at, "a string", err);
	const char *s = json_string_value(at->value);
	size_t len = json_string_length(at->value);
	if (len == 0 && !empty_ok)
		return sl_json_fault(at, false, err, "must not be empty");
	if (len > bytes_max)
		return sl_json_fault(at, false, err, "longer than %zu bytes", bytes_max);
	if (!sl_text_is_clean(s, len))
		return sl_json_fault(at, false, err, "holds a control or invisible character");
	char *copy = strdup(s);
	if (copy == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	free(*out);
	*out = copy;
	return SL_OK;
}

enum sl_rc sl_json_name(const struct sl_json_at *at, char **out, struct sl_err *err)
{
	if (json_is_string(at->value) && !sl_text_is_ident(json_string_value(at->value))) {
		char word[SHOWN_BYTES];
		shown(json_string_value(at->value), word);
		return sl_json_fault(at, false, err,
		                     "\"%s\" is not a name (letters, digits, _ and -, at most 64 bytes)", word);
	}
	return sl_json_text(at, 64, false, out, err);
}

enum sl_rc sl_json_bool(const struct sl_json_at *at, bool *out, struct sl_err *err)
{
	if (!json_is_boolean(at->value))
		return wrong_type(at, "true or false", err);
	*out = json_is_true(at->value);
	return SL_OK;
}

enum sl_rc sl_json_u64(const struct sl_json_at *at, uint64_t lo, uint64_t hi, uint64_t *out, struct sl_err *err)
{
	if (!json_is_integer(at->value))
		return wrong_type(at, "a whole number", err);
	json_int_t v = json_integer_value(at->value);
	if (v < 0 || (uint64_t)v < lo || (uint64_t)v > hi)
		return sl_json_fault(at, false, err, "%lld is not between %llu and %llu", (long long)v,
		                     (unsigned long long)lo, (unsigned long long)hi);
	*out = (uint64_t)v;
	return SL_OK;
}

/* The number as the file writes it: a double would have rounded it. */
static bool number_text(const struct sl_json_at *at, char *out, size_t cap)
{
	const char *from = sl_json_from(at), *end = at->doc->text + at->doc->len;
	struct sl_token t = { from, from, end };

	if (from == NULL || !sl_token_value(&t) || (size_t)(t.at - from) >= cap)
		return false;
	memcpy(out, from, (size_t)(t.at - from));
	out[t.at - from] = '\0';
	return true;
}

enum sl_rc sl_json_decimal(const struct sl_json_at *at, int scale, bool text_ok, int64_t *out, struct sl_err *err)
{
	char text[64] = "";
	int64_t v, finer;
	bool ok;

	if (!json_is_number(at->value) && !(text_ok && json_is_string(at->value)))
		return wrong_type(at, "a number", err);
	if (json_is_string(at->value)) {
		ok = json_string_length(at->value) < sizeof text;
		if (ok)
			memcpy(text, json_string_value(at->value), json_string_length(at->value) + 1);
	} else {
		ok = number_text(at, text, sizeof text);
	}
	ok = ok && sl_parse_decimal(text, strlen(text), scale, &v);
	if (!ok)
		return sl_json_fault(at, false, err, "not a number of %d decimals that fits 64 bits", scale);
	/* Rounded only when a finer grid says otherwise. */
	if (sl_parse_decimal(text, strlen(text), SL_SCALE_MAX, &finer) && finer % sl_pow10(SL_SCALE_MAX - scale) != 0)
		return sl_json_fault(at, false, err, "has more than %d decimals", scale);
	*out = v;
	return SL_OK;
}

static int compare_texts(const void *x, const void *y, void *arg)
{
	const struct sl_label *texts = arg;
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	int c = strcmp(texts[a].text, texts[b].text);

	return c != 0 ? c : (a < b ? -1 : a > b);
}

enum sl_rc sl_json_twice(struct sl_label *texts, uint32_t n, uint32_t *second, struct sl_err *err)
{
	uint32_t *order = sl_json_calloc(n, sizeof *order, err);

	*second = n;
	if (order == NULL)
		return SL_E_NOMEM;
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order, n, sizeof *order, compare_texts, texts);
	for (uint32_t i = 1; i < n; i++)
		if (order[i] < *second && strcmp(texts[order[i]].text, texts[order[i - 1]].text) == 0)
			*second = order[i];
	free(order);
	return SL_OK;
}

enum sl_rc sl_json_choice(const struct sl_json_at *at, const char *const *names, size_t n, size_t *out,
                          struct sl_err *err)
{
	char word[SHOWN_BYTES], list[200] = "";

	if (!json_is_string(at->value))
		return wrong_type(at, "a string", err);
	for (size_t i = 0; i < n; i++)
		if (strcmp(json_string_value(at->value), names[i]) == 0) {
			*out = i;
			return SL_OK;
		}
	for (size_t i = 0; i < n; i++) {
		strncat(list, i == 0 ? "" : ", ", sizeof list - strlen(list) - 1);
		strncat(list, names[i], sizeof list - strlen(list) - 1);
	}
	shown(json_string_value(at->value), word);
	int near = sl_text_near(json_string_value(at->value), names, n);
	enum sl_rc rc = near >= 0 ? sl_json_fault(at, false, err, "\"%s\" is none of %s (did you mean \"%s\"?)", word,
	                                          list, names[near])
	                          : sl_json_fault(at, false, err, "\"%s\" is none of %s", word, list);
	return rc;
}
