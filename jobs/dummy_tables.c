/*
 * dummy_tables.c - see dummy.h: invented rows for people, and sealed for the engine as imported rows are.
 *
 * What sluice-load reads and writes here are files without a name: nothing lies in the enclave's folder or in any
 * other, and with the last descriptor it is gone. Keys are fresh, wrapped by none, and wiped as those of imported
 * tables are.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "enclave/vault/digest.h"
#include "jobs/dummy.h"
#include "jobs/import.h"
#include "jobs/pack.h"

static enum sl_rc find_table(const struct sl_view *view, const char *project, const char *name, uint32_t *out,
                             struct sl_err *err)
{
	const char *have[SL_TABLES_MAX];

	for (uint32_t i = 0; i < view->ntables; i++) {
		have[i] = view->tables[i].name;
		if (strcmp(have[i], name) == 0) {
			*out = i;
			return SL_OK;
		}
	}
	int near = sl_text_near(name, have, view->ntables);
	enum sl_rc rc = sl_err_set(err, SL_E_NO, "project \"%s\" is granted no table \"%.100s\"", project, name);
	if (near >= 0)
		sl_err_remedy(err, "did you mean \"%s\"?", have[near]);
	else
		sl_err_remedy(err, "sluice data ls lists the tables; an officer grants them");
	return rc;
}

enum sl_rc sl_dummy_table(struct sl_enclave *e, const struct sl_actor *actor, const char *project, const char *table,
                          const struct sl_dummy_size *size, struct sl_buf *out, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_grant grant = { 0 };
	uint32_t i = 0;
	enum sl_rc rc = sl_standing_project(e, project, &standing, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_JOB_RUN, err);
	if (rc == SL_OK)
		rc = sl_standing_grant(&standing, project, actor->person, &grant, err);
	if (rc == SL_OK)
		rc = find_table(&grant.view, project, table, &i, err);
	if (rc == SL_OK) {
		const struct sl_table *t = &grant.view.tables[i];
		const char *key = grant.tables[i].table->reference_key;
		sl_dummy_attributes(&grant.view, size->seed);
		rc = sl_dummy_csv(&grant.view, i, size, SL_DUMMY_LABELS, t->space[0] != '\0' ? t->unit_column : key, out,
		                  err);
	}
	sl_grant_free(&grant);
	sl_standing_free(&standing);
	return rc;
}

/* The tables of one preview share a registry, so that their units meet. */
struct making {
	const struct sl_job_ready *ready;
	const struct sl_dummy_size *size;
	int registry;
	uint64_t nunits; /* in the registry */
	uint8_t space_key[32];
};

static enum sl_rc nameless(int *fd, struct sl_err *err)
{
	*fd = memfd_create("sluice-dummy", MFD_CLOEXEC);
	return *fd >= 0 ? SL_OK : sl_err_errno(err, SL_E_IO, errno, "cannot make a file without a name");
}

static enum sl_rc write_all(int fd, const struct sl_buf *b, struct sl_err *err)
{
	for (size_t at = 0; at < b->len;) {
		ssize_t n = pwrite(fd, b->data + at, b->len - at, (off_t)at);
		if (n < 0 && errno != EINTR)
			return sl_err_errno(err, SL_E_IO, errno, "cannot write a dummy table");
		at += n > 0 ? (size_t)n : 0;
	}
	return SL_OK;
}

/* Codes "0", "1", … for the labels of a domain. */
static enum sl_rc code_labels(uint32_t n, struct sl_load_column *out, struct sl_err *err)
{
	char text[16];
	enum sl_rc rc = SL_OK;

	out->labels = calloc(n, sizeof *out->labels);
	if (out->labels == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (; out->nlabels < n && rc == SL_OK; out->nlabels++) {
		(void)snprintf(text, sizeof text, "%u", out->nlabels);
		rc = sl_pack_dup(text, &out->labels[out->nlabels].text, err);
	}
	return rc;
}

/* c NULL: the unit. */
static enum sl_rc load_column(const char *header, const struct sl_column *c, struct sl_load_column *out,
                              struct sl_err *err)
{
	enum sl_rc rc = sl_pack_dup(header, &out->header, err);

	if (rc == SL_OK)
		rc = sl_pack_dup("", &out->date_format, err);
	out->type = c != NULL ? c->type : SL_TYPE_TEXT;
	out->lo = c != NULL ? c->lo : INT64_MIN;
	out->hi = c != NULL ? c->hi : INT64_MAX;
	if (c == NULL)
		return rc;
	out->scale = c->scale;
	out->nullable = c->nullable;
	out->has_other = c->has_other;
	return rc == SL_OK && c->type == SL_TYPE_TEXT && c->nlabels > 0 ? code_labels(c->nlabels, out, err) : rc;
}

static enum sl_rc fill_setup(const struct making *m, const struct sl_table *t, struct sl_load_setup *setup,
                             struct sl_err *err)
{
	enum sl_rc rc = sl_pack_dup("", &setup->table, err);

	setup->format = SL_LOAD_CSV;
	setup->delimiter = ',';
	setup->one_row_per_unit = t->one_row_per_unit;
	setup->registry_count = m->nunits;
	setup->rows_max = SL_DUMMY_ROWS_MAX;
	setup->threads = 1;
	setup->bad_rows_max = 1;
	memcpy(setup->space_key, m->space_key, sizeof setup->space_key);
	if (rc == SL_OK)
		rc = sl_random(setup->segment_id, sizeof setup->segment_id, err);
	if (rc == SL_OK)
		rc = sl_random(setup->segment_key, sizeof setup->segment_key, err);
	setup->columns = calloc((size_t)t->ncolumns + 1, sizeof *setup->columns);
	if (rc == SL_OK && setup->columns == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i <= t->ncolumns && rc == SL_OK; i++) {
		const struct sl_column *c = i > 0 ? &t->columns[i - 1] : NULL;
		rc = load_column(c != NULL ? c->name : t->unit_column, c, &setup->columns[setup->ncolumns++], err);
	}
	return rc;
}

/* fds: source, segment, registry, spill. The setup's keys are gone after. */
static enum sl_rc load(struct making *m, const struct sl_table *t, struct sl_load_setup *setup, const int fds[static 4],
                       struct sl_data_segment *s, struct sl_err *err)
{
	const struct sl_import limits = { .limits = m->ready->standing.policy.limits };
	const struct sl_import_source source = { .name = SL_DUMMY_MARK, .wal = -1 };
	struct sl_load_report report = { 0 };

	memcpy(s->segment_id, setup->segment_id, sizeof s->segment_id);
	memcpy(s->key, setup->segment_key, sizeof s->key);
	enum sl_rc rc = sl_import_run(&limits, &source, t->name, setup, fds, 4, &report, err);
	if (rc == SL_OK && !report.complete)
		rc = sl_err_set(err, SL_E_BUG, "a dummy table of %s is not what its catalogue says: %s: %s", t->name,
		                report.nbad_rows > 0 ? report.bad_rows[0].column : "",
		                report.nbad_rows > 0 ? report.bad_rows[0].reason : "not read");
	m->nunits += report.new_units;
	memcpy(s->version, report.version, sizeof s->version);
	s->bytes = report.segment_bytes;
	s->rows = report.rows;
	sl_codec_free(&sl_load_report_record, &report);
	return rc;
}

static enum sl_rc open_dummy(void *self, uint32_t table, struct sl_data_segment *s, struct sl_err *err)
{
	struct making *m = self;
	const struct sl_view *view = &m->ready->grant.view;
	const struct sl_table *t = &view->tables[table];
	struct sl_load_setup setup = { 0 };
	struct sl_buf csv = { 0 };
	int source = -1, spill = -1;
	enum sl_rc rc = sl_dummy_csv(view, table, m->size, SL_DUMMY_CODED, t->unit_column, &csv, err);

	if (rc == SL_OK)
		rc = nameless(&source, err);
	if (rc == SL_OK)
		rc = nameless(&spill, err);
	if (rc == SL_OK)
		rc = nameless(&s->fd, err);
	if (rc == SL_OK)
		rc = write_all(source, &csv, err);
	if (rc == SL_OK)
		rc = fill_setup(m, t, &setup, err);
	/* The last table's load left it at its end. */
	if (rc == SL_OK && lseek(m->registry, 0, SEEK_SET) != 0)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot read a registry again");
	if (rc == SL_OK) {
		const int fds[4] = { source, s->fd, m->registry, spill };
		rc = load(m, t, &setup, fds, s, err);
	}
	if (rc == SL_OK && lseek(s->fd, 0, SEEK_SET) != 0)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot read a dummy table");
	explicit_bzero(setup.segment_key, sizeof setup.segment_key);
	explicit_bzero(setup.space_key, sizeof setup.space_key);
	if (rc != SL_OK)
		sl_data_segment_close(s);
	if (source >= 0)
		close(source);
	if (spill >= 0)
		close(spill);
	sl_codec_free(&sl_load_setup_record, &setup);
	sl_buf_free(&csv);
	return rc;
}

enum sl_rc sl_dummy_tables(const struct sl_job_ready *ready, const struct sl_dummy_size *size,
                           struct sl_job_tables *out, struct sl_err *err)
{
	struct making m = { .ready = ready, .size = size, .registry = -1 };
	const struct sl_job_segments from = { .open = open_dummy, .self = &m, .granted_alone = true };
	enum sl_rc rc = nameless(&m.registry, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK)
		rc = sl_random(m.space_key, sizeof m.space_key, err);
	if (rc == SL_OK)
		rc = sl_job_tables_from(ready, &from, out, err);
	explicit_bzero(m.space_key, sizeof m.space_key);
	if (m.registry >= 0)
		close(m.registry);
	return rc;
}
