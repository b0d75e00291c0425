/* compare.c - see compare.h. */
#include "enclave/load/compare.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "enclave/vault/digest.h"

enum { OLDER, NEWER };

/* A setup that names the newer segment where the one given names the older. */
static enum sl_rc newer_setup(const struct sl_load_setup *setup, int fd, struct sl_load_setup *out, struct sl_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return sl_err_errno(err, SL_E_IO, errno, "cannot look at the newer version");
	*out = *setup;
	out->base_bytes = (uint64_t)st.st_size;
	memcpy(out->base_id, setup->segment_id, sizeof out->base_id);
	memcpy(out->base_key, setup->segment_key, sizeof out->base_key);
	return SL_OK;
}

enum sl_rc sl_compare_prepare(struct sl_compare *c, const struct sl_load_setup *setup, int newer, int older,
                              struct sl_err *err)
{
	struct sl_load_setup of_newer = { 0 };
	enum sl_rc rc = setup->ncolumns > 0 && setup->compare ? SL_OK
	                                                      : sl_err_set(err, SL_E_INPUT, "load setup: nothing to compare");

	if (rc == SL_OK)
		rc = newer_setup(setup, newer, &of_newer, err);
	if (rc == SL_OK)
		rc = sl_layout_init(&c->layout, setup, err);
	if (rc == SL_OK)
		rc = sl_base_open(&c->older, older, setup, &c->layout, err);
	if (rc == SL_OK)
		rc = sl_base_open(&c->newer, newer, &of_newer, &c->layout, err);
	if (rc == SL_OK)
		rc = sl_random((uint8_t *)c->key, sizeof c->key, err);
	explicit_bzero(of_newer.base_key, sizeof of_newer.base_key);
	return rc;
}

static enum sl_rc take_row(void *arg, uint32_t from, const uint8_t *row, struct sl_err *err)
{
	struct sl_compare *c = arg;

	(void)err;
	sl_changes_row(&c->changes, from == NEWER, from == NEWER ? c->newer.odd : c->older.odd, row);
	return SL_OK;
}

enum sl_rc sl_compare_run(struct sl_compare *c, struct sl_load_report *report, struct sl_err *err)
{
	struct sl_stream *const streams[] = { [OLDER] = &c->older.stream, [NEWER] = &c->newer.stream };
	uint32_t heap[2];
	enum sl_rc rc;

	sl_changes_init(&c->changes, c->layout.row_bytes, false, c->key);
	rc = sl_merge(streams, 2, heap, take_row, c, err);
	sl_changes_end(&c->changes);
	report->rows = c->newer.reader.manifest.rows;
	report->units = c->newer.reader.manifest.units;
	report->changed_units = c->changes.changed;
	report->added_units = c->changes.added;
	report->removed_units = c->changes.removed;
	report->complete = rc == SL_OK;
	return rc;
}

void sl_compare_fini(struct sl_compare *c)
{
	if (c->older.layout != NULL)
		sl_base_close(&c->older);
	if (c->newer.layout != NULL)
		sl_base_close(&c->newer);
	sl_layout_fini(&c->layout);
	memset(c, 0, sizeof *c);
}
