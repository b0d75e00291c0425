/* json.c - see json.h: opening, places and messages. Typed reading is in read.c. */
#include "policy/json/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "policy/json/place.h"

void *sl_json_calloc(size_t n, size_t size, struct sl_err *err)
{
	void *p = calloc(n == 0 ? 1 : n, size);

	if (p == NULL)
		(void)sl_err_set(err, SL_E_NOMEM, "out of memory");
	return p;
}

/* jansson's words, with the place; its column counts the last byte it read. */
static enum sl_rc syntax_fault(const struct sl_json_doc *doc, const json_error_t *e, struct sl_err *err)
{
	struct sl_buf words = { .max = JSON_ERROR_TEXT_LENGTH * 4 };
	sl_text_escape(&words, e->text, strnlen(e->text, sizeof e->text));
	const char *text = sl_buf_cstr(&words);
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "not JSON: %s", text != NULL ? text : "unreadable");
	sl_err_at(err, doc->file, e->line > 0 ? (uint32_t)e->line : 1, e->column > 0 ? (uint32_t)e->column : 1);
	sl_buf_free(&words);
	return rc;
}

static enum sl_rc refuse_whole(const struct sl_json_doc *doc, struct sl_err *err, enum sl_rc rc, const char *why)
{
	(void)sl_err_set(err, rc, "%s", why);
	sl_err_at(err, doc->file, 1, 1);
	return rc;
}

enum sl_rc sl_json_open(const char *file, const void *text, size_t len, size_t bytes_max, struct sl_json_doc *doc,
                        struct sl_err *err)
{
	json_error_t e = { 0 };

	*doc = (struct sl_json_doc){ .file = file, .text = text, .len = len };
	if (len > bytes_max)
		return refuse_whole(doc, err, SL_E_LIMIT, "the file is too large");
	if (len == 0)
		return refuse_whole(doc, err, SL_E_INPUT, "the file is empty");
	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		return refuse_whole(doc, err, SL_E_INPUT, "not JSON: it begins with a byte order mark");
	if (sl_token_depth(text, len) > SL_JSON_DEPTH_MAX)
		return refuse_whole(doc, err, SL_E_INPUT, "nested too deeply");
	doc->places = sl_json_calloc(1, sizeof *doc->places, err);
	if (doc->places == NULL)
		return SL_E_NOMEM;
	sl_json_arena_begin(&doc->arena);
	doc->root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
	sl_json_arena_end(&doc->arena);
	/* jansson drops the end of a string that it has no memory for and goes on: see watch.h. */
	if (doc->arena.ran_out)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	return doc->root != NULL ? SL_OK : syntax_fault(doc, &e, err);
}

void sl_json_close(struct sl_json_doc *doc)
{
	sl_json_arena_free(&doc->arena);
	free(doc->places);
	*doc = (struct sl_json_doc){ 0 };
}

struct sl_json_at sl_json_root(const struct sl_json_doc *doc)
{
	return (struct sl_json_at){ .doc = doc, .value = doc->root };
}

const char *sl_json_from(const struct sl_json_at *at)
{
	struct sl_token t = { at->doc->text, at->doc->text, at->doc->text + at->doc->len };

	return sl_json_place_seek(&t, at, false) ? t.at : NULL;
}

static void find_place(const struct sl_json_at *at, bool key, uint32_t *line, uint32_t *col)
{
	struct sl_token t = { at->doc->text, at->doc->text, at->doc->text + at->doc->len };

	if (!sl_json_place_seek(&t, at, key))
		t.at = t.start;
	sl_json_place_count(at->doc->places, &t, line, col);
}

void sl_json_where(const struct sl_json_at *at, bool key, uint32_t *line, uint32_t *col)
{
	*line = *col = 0;
	if (!at->doc->without_places)
		find_place(at, key, line, col);
}

/* projects.liver.tables."study.persons".age[0] */
static void put_path(struct sl_buf *out, const struct sl_json_at *at)
{
	if (at->parent == NULL)
		return;
	put_path(out, at->parent);
	if (at->key == NULL) {
		sl_buf_printf(out, "[%zu]", at->index);
		return;
	}
	if (out->len > 0)
		sl_buf_text(out, ".");
	const char *quote = sl_text_is_ident(at->key) ? "" : "\"";
	sl_buf_text(out, quote);
	sl_text_escape(out, at->key, strlen(at->key));
	sl_buf_text(out, quote);
}

enum sl_rc sl_json_fault(const struct sl_json_at *at, bool key, struct sl_err *err, const char *fmt, ...)
{
	struct sl_buf path = { .max = 300 };
	char text[400];
	uint32_t line, col;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	put_path(&path, at);
	find_place(at, key, &line, &col);
	const char *where = path.len > 0 ? sl_buf_cstr(&path) : NULL;
	enum sl_rc rc =
		sl_err_set(err, SL_E_INPUT, "%s%s%s", where != NULL ? where : "", where != NULL ? ": " : "", text);
	sl_err_at(err, at->doc->file, line, col);
	sl_buf_free(&path);
	return rc;
}
