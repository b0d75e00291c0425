/* review_change.c - see review_change.h. Called by review show of an earlier revision. */
#include "jobs/review_change.h"

#include <stdlib.h>
#include <string.h>

struct line {
	const char *text;
	size_t len;
};

/* A table's lines, as they stand and sorted. */
struct lines {
	struct line *in_order, *sorted;
	size_t n;
};

static int compare(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);

	return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

static void drop(struct lines *l)
{
	free(l->in_order);
	free(l->sorted);
	*l = (struct lines){ 0 };
}

static enum sl_rc split(const struct sl_buf *bytes, struct lines *out, struct sl_err *err)
{
	const char *at = (const char *)bytes->data, *end = at != NULL ? at + bytes->len : at;
	size_t most = 1;

	for (const char *c = at; c < end; c++)
		most += *c == '\n';
	out->in_order = calloc(most, sizeof *out->in_order);
	out->sorted = calloc(most, sizeof *out->sorted);
	if (out->in_order == NULL || out->sorted == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((stop != NULL ? stop : end) - at);
		/* A line ends in \r\n, which nobody wants to see. */
		out->in_order[out->n++] = (struct line){ at, len > 0 && at[len - 1] == '\r' ? len - 1 : len };
		at = stop != NULL ? stop + 1 : end;
	}
	if (out->n > 0)
		memcpy(out->sorted, out->in_order, out->n * sizeof *out->sorted);
	qsort(out->sorted, out->n, sizeof *out->sorted, compare);
	return SL_OK;
}

static bool has(const struct lines *l, const struct line *one)
{
	return l->n > 0 && bsearch(one, l->sorted, l->n, sizeof *one, compare) != NULL;
}

/* Lines from *at on that the other table has not; they are appended. */
static void take_own(const struct lines *l, size_t *at, const struct lines *other, bool is_now, struct sl_change *out)
{
	for (; *at < l->n && !has(other, &l->in_order[*at]); ++*at)
		out->lines[out->nlines++] = (struct sl_change_line){ is_now, l->in_order[*at].text, l->in_order[*at].len };
}

/* As it was stands before as it is: of a row whose number changed, one below the other. */
static enum sl_rc compare_lines(const struct lines *was, const struct lines *now, struct sl_change *out,
                                struct sl_err *err)
{
	size_t i = 0, j = 0;

	out->lines = calloc(was->n + now->n + 1, sizeof *out->lines);
	if (out->lines == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	while (i < was->n || j < now->n) {
		take_own(was, &i, now, false, out);
		take_own(now, &j, was, true, out);
		/* Both have the next of each. */
		i += i < was->n;
		j += j < now->n;
	}
	return SL_OK;
}

static enum sl_rc compare_files(const struct sl_release_file *was, const struct sl_release_file *now,
                                struct sl_change *out, struct sl_err *err)
{
	struct lines a = { 0 }, b = { 0 };
	enum sl_rc rc = split(&was->bytes, &a, err);

	if (rc == SL_OK)
		rc = split(&now->bytes, &b, err);
	if (rc == SL_OK)
		rc = compare_lines(&a, &b, out, err);
	drop(&a);
	drop(&b);
	return rc;
}

static const struct sl_release_file *find(const struct sl_release_file *files, uint32_t n, const char *path)
{
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(files[i].path, path) == 0)
			return &files[i];
	return NULL;
}

static bool is_same(const struct sl_release_file *a, const struct sl_release_file *b)
{
	return a->bytes.len == b->bytes.len && (a->bytes.len == 0 || memcmp(a->bytes.data, b->bytes.data, a->bytes.len) == 0);
}

enum sl_rc sl_change_find(const struct sl_release_file *was, uint32_t nwas, const struct sl_release_file *now,
                          uint32_t nnow, struct sl_change **out, uint32_t *nout, struct sl_err *err)
{
	struct sl_change *changes = calloc((size_t)nwas + nnow + 1, sizeof *changes);
	uint32_t n = 0;
	enum sl_rc rc = changes != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");

	*out = NULL;
	*nout = 0;
	for (uint32_t i = 0; i < nwas && rc == SL_OK; i++) {
		const struct sl_release_file *then = find(now, nnow, was[i].path);
		if (then != NULL && is_same(&was[i], then))
			continue;
		changes[n++] = (struct sl_change){ .path = was[i].path, .was = true, .now = then != NULL };
		if (then != NULL)
			rc = compare_files(&was[i], then, &changes[n - 1], err);
	}
	for (uint32_t i = 0; i < nnow && rc == SL_OK; i++)
		if (find(was, nwas, now[i].path) == NULL)
			changes[n++] = (struct sl_change){ .path = now[i].path, .now = true };
	if (rc != SL_OK) {
		sl_change_free(changes, n);
		return rc;
	}
	*out = changes;
	*nout = n;
	return SL_OK;
}

void sl_change_free(struct sl_change *changes, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		free(changes[i].lines);
	free(changes);
}
