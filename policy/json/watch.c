/* watch.c - see watch.h. */
#include "policy/json/watch.h"

#include <string.h>

static json_malloc_t outer_malloc;
static json_free_t outer_free;
static bool ran_out;

static void *watched_malloc(size_t n)
{
	void *p = outer_malloc(n);

	if (p == NULL)
		ran_out = true;
	return p;
}

static void watch_begin(void)
{
	json_get_alloc_funcs(&outer_malloc, &outer_free);
	ran_out = false;
	json_set_alloc_funcs(watched_malloc, outer_free);
}

/* Whether an allocation failed since. */
static bool watch_end(void)
{
	json_set_alloc_funcs(outer_malloc, outer_free);
	return ran_out;
}

enum sl_rc sl_json_write(const json_t *root, size_t flags, struct sl_buf *out, struct sl_err *err)
{
	char *text = NULL;
	bool failed = root == NULL;

	if (!failed) {
		watch_begin();
		text = json_dumps(root, flags);
		failed = watch_end() || text == NULL;
	}
	if (!failed)
		sl_buf_text(out, text);
	if (text != NULL)
		outer_free(text);
	return failed ? sl_err_set(err, SL_E_NOMEM, "out of memory") : sl_buf_ok(out, "JSON", err);
}
