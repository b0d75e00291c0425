/* import.c - see import.h: an attempt from its lock to its end, and which way each table is loaded. */
#include "jobs/import.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "enclave/vault/registry.h"
#include "jobs/leftover.h"
#include "jobs/visibility.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

/* Every command that opens the enclave holds the lock for a moment while it repairs: that is waited for. */
static bool wait_for_lock(int fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	const struct timespec pause = {.tv_nsec = 20 * 1000000L};
	bool taken = false;

	for (int tries = 0; !taken && tries < 25; tries++) {
		taken = fcntl(fd, F_OFD_SETLK, &whole) == 0;
		if (!taken)
			(void)nanosleep(&pause, NULL);
	}
	return taken;
}

enum sl_rc sl_import_lock(struct sl_enclave *e, int *lock, struct sl_err *err)
{
	char *path = sl_enclave_path(e, "vault/import.lock");
	enum sl_rc rc = path != NULL ? SL_OK : no_memory(err);

	*lock = path != NULL ? open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
	if (rc == SL_OK && *lock < 0)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot open %s", path);
	if (rc == SL_E_IO)
		sl_err_remedy(err, "DIR/vault has to be there, and writable for the account that runs sluice; when it is gone, "
		                   "bring it back from a backup");
	if (rc == SL_OK && !wait_for_lock(*lock)) {
		rc = sl_err_set(err, SL_E_BUSY, "another command is changing the tables of this enclave");
		sl_err_remedy(err, "try again when it is done");
		close(*lock);
		*lock = -1;
	}
	free(path);
	return rc;
}

enum sl_rc sl_import_begin(struct sl_import *im, struct sl_enclave *e, const struct sl_standing *standing,
                           const struct sl_catalogue *catalogue, struct sl_err *err)
{
	enum sl_rc rc;

	memset(im, 0, sizeof *im);
	im->e = e;
	im->standing = standing;
	im->catalogue = catalogue;
	if (standing->has_policy)
		im->limits = standing->policy.limits;
	else
		sl_policy_limits_usual(&im->limits);
	rc = sl_import_lock(e, &im->lock, err);
	im->tables = calloc(catalogue->ntables + 1, sizeof *im->tables);
	im->spaces = calloc(catalogue->ntables + 1, sizeof *im->spaces);
	im->references = calloc(standing->nreference + catalogue->ntables + 1, sizeof *im->references);
	if (rc == SL_OK && (im->tables == NULL || im->spaces == NULL || im->references == NULL))
		rc = no_memory(err);
	for (uint32_t i = 0; rc == SL_OK && i < standing->nreference; i++)
		im->references[im->nreferences++] = standing->reference[i];
	return rc == SL_OK ? sl_visibility_settle(e, standing, err) : rc;
}

/* Hashes of units that came with no version are nobody's: behind what is sealed the registry ends. */
static void cut_registry(const struct sl_import *im, const struct sl_import_space *space)
{
	struct sl_space sealed = {0};
	char *path = space->is_checked ? sl_enclave_path(im->e, "vault/%s.units", space->name) : NULL;

	if (path != NULL && sl_space_get(&im->e->db, space->name, &sealed, NULL) == SL_OK)
		(void)!truncate(path, (off_t)(sealed.units * SL_REGISTRY_HASH_BYTES));
	sl_space_free(&sealed);
	free(path);
}

void sl_import_end(struct sl_import *im)
{
	bool settled = true;

	for (uint32_t i = 0; i < im->ntables; i++) {
		struct sl_import_table *t = &im->tables[i];
		char *path = t->reference || t->version.table == NULL ? NULL : sl_import_segment_path(im, t->version.segment_id);
		bool known = path == NULL;
		/* Only what surely belongs to no version is removed. */
		if (path != NULL &&
		    (sl_version_has_segment(&im->e->db, t->version.segment_id, &known, NULL) != SL_OK ||
		     (!known && unlink(path) != 0 && errno != ENOENT)))
			settled = false;
		free(path);
		sl_version_free(&t->version);
		sl_codec_free(&sl_load_report_record, &t->report);
		sl_store_source_free(&t->source);
	}
	for (uint32_t i = 0; i < im->nspaces; i++) {
		cut_registry(im, &im->spaces[i]);
		sl_space_free(&im->spaces[i].space);
	}
	if (im->lock >= 0) {
		if (settled)
			sl_leftover_done(im->lock);
		close(im->lock);
	}
	free(im->tables);
	free(im->spaces);
	free(im->references);
	memset(im, 0, sizeof *im);
	im->lock = -1;
}

/* The rows of a reference table replace those stored under its name, for the tables that come after it. */
static void use_reference(struct sl_import *im, const struct sl_import_table *t)
{
	struct sl_reference r = {.table = t->table->name, .rows = t->report.reference, .nrows = t->report.nreference};

	for (uint32_t i = 0; i < im->nreferences; i++)
		if (strcmp(im->references[i].table, r.table) == 0) {
			im->references[i] = r;
			return;
		}
	im->references[im->nreferences++] = r;
}

/* The report is a confined process's word: a row short of a cell would be read beyond its end. */
static enum sl_rc check_cells(const struct sl_load_setup *setup, const struct sl_load_report *report,
                              struct sl_err *err)
{
	for (uint32_t i = 0; i < report->nreference; i++)
		if (report->reference[i].ncells != setup->attributes)
			return sl_err_set(err, SL_E_INTEGRITY, "sluice-load reports a reference row without its attributes");
	return SL_OK;
}

static enum sl_rc load_reference(struct sl_import *im, struct sl_import_table *t, struct sl_load_setup *setup,
                                 const struct sl_import_source *source, struct sl_err *err)
{
	int fds[2] = {source->fd, source->wal};
	enum sl_rc rc = sl_import_run(im, source, t->table->name, setup, fds, source->wal >= 0 ? 2 : 1, &t->report, err);

	if (rc == SL_OK)
		rc = sl_import_judge(source, &t->report, err);
	if (rc == SL_OK)
		rc = check_cells(setup, &t->report, err);
	if (rc == SL_OK)
		use_reference(im, t);
	return rc;
}

/* An import is nobody's job and waits for nobody: it takes what processors this one may use. */
static uint32_t threads_here(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

	return n < 1 ? 1 : n > 64 ? 64 : (uint32_t)n;
}

enum sl_rc sl_import_table(struct sl_import *im, const struct sl_cat_table *table,
                           const struct sl_import_source *source, const struct sl_load_report **report,
                           struct sl_err *err)
{
	struct sl_references refs = {im->references, im->nreferences};
	struct sl_load_setup setup = {0};
	struct sl_import_table *t = &im->tables[im->ntables++];
	enum sl_rc rc = sl_catalogue_load_setup(table, &refs, &setup, err);

	t->table = table;
	t->reference = table->reference_key != NULL;
	*report = &t->report;
	if (rc == SL_OK) {
		setup.format = source->format;
		setup.rows_max = im->limits.rows_max;
		setup.threads = threads_here();
		setup.bad_rows_max = SL_BAD_ROWS_MAX;
		free(setup.table);
		if ((setup.table = strdup(source->sqlite_table)) == NULL)
			rc = no_memory(err);
	}
	if (rc == SL_OK)
		rc = t->reference ? load_reference(im, t, &setup, source, err) : sl_import_segment(im, t, &setup, source, err);
	explicit_bzero(setup.segment_key, sizeof setup.segment_key);
	explicit_bzero(setup.base_key, sizeof setup.base_key);
	explicit_bzero(setup.space_key, sizeof setup.space_key);
	sl_codec_free(&sl_load_setup_record, &setup);
	return rc;
}
