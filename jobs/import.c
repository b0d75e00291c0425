/* import.c - see import.h. */
#include "jobs/import.h"
#include "jobs/leftover.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "enclave/keeper/keeper.h"
#include "enclave/vault/digest.h"
#include "enclave/vault/keys.h"
#include "enclave/vault/registry.h"
#include "jobs/audit.h"
#include "jobs/data_quality.h"
#include "jobs/entries.h"
#include "jobs/file_digest.h"
#include "jobs/store/policy.h"
#include "jobs/visibility.h"

#define FILE_BYTES_MAX ((uint64_t)1 << 42)

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

static char *segment_path(const struct sl_import *im, const uint8_t id[static 16])
{
	char hex[33];

	sl_text_hex(id, 16, hex);
	return sl_enclave_path(im->e, "vault/%s.seg", hex);
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
		char *path = t->reference || t->version.table == NULL ? NULL : segment_path(im, t->version.segment_id);
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

static enum sl_rc space_of(struct sl_import *im, const char *name, struct sl_import_space **out, struct sl_err *err)
{
	for (uint32_t i = 0; i < im->nspaces; i++)
		if (strcmp(im->spaces[i].name, name) == 0) {
			*out = &im->spaces[i];
			return SL_OK;
		}
	*out = &im->spaces[im->nspaces++];
	(*out)->name = name;
	return sl_space_get(&im->e->db, name, &(*out)->space, err);
}

enum sl_rc sl_import_check_registry(const struct sl_space *space, int fd, struct sl_err *err)
{
	uint8_t sha256[32];
	char what[128];
	enum sl_rc rc;

	(void)snprintf(what, sizeof what, "the unit registry of %s", space->name != NULL ? space->name : "a new space");
	rc = sl_file_digest(fd, space->units * SL_REGISTRY_HASH_BYTES, what, sha256, err);
	if (rc == SL_OK && space->is_sealed && memcmp(sha256, space->sha256, sizeof sha256) != 0)
		rc = sl_err_set(err, SL_E_INTEGRITY, "%s is not what was sealed", what);
	if (rc == SL_E_INTEGRITY)
		sl_err_remedy(err, "bring the file back from a backup: without it units of new rows cannot be told");
	return rc;
}

/* Once an attempt: from then on the lock keeps it as it is. */
static enum sl_rc open_space(struct sl_import_space *space, int fd, struct sl_err *err)
{
	enum sl_rc rc = space->is_checked ? SL_OK : sl_import_check_registry(&space->space, fd, err);

	space->is_checked = rc == SL_OK;
	return rc;
}

/* The hashes this attempt added are sealed with those before; what a failed attempt leaves behind them is not. */
static enum sl_rc seal_space(struct sl_import_space *space, int fd, uint64_t new_units, struct sl_err *err)
{
	space->space.units += new_units;
	return sl_file_digest(fd, space->space.units * SL_REGISTRY_HASH_BYTES, "a unit registry", space->space.sha256, err);
}

/*
 * Keys for one attempt: the segment's is fresh, so that no nonce is ever used twice, and leaves this function
 * wrapped.
 */
static enum sl_rc make_keys(struct sl_import *im, const char *space, struct sl_load_setup *setup, struct sl_version *v,
                            struct sl_err *err)
{
	struct sl_secret vault = {{0}};
	enum sl_rc rc = sl_random(setup->segment_id, sizeof setup->segment_id, err);

	if (rc == SL_OK)
		rc = sl_random(setup->segment_key, sizeof setup->segment_key, err);
	if (rc == SL_OK)
		rc = sl_enclave_vault_key(im->e, &vault, err);
	if (rc == SL_OK)
		rc = sl_keys_space(vault.b, space, setup->space_key, err);
	if (rc == SL_OK)
		rc = sl_keys_wrap(vault.b, setup->segment_id, setup->segment_key, v->wrapped, err);
	v->nwrapped = SL_WRAPPED_KEY_BYTES;
	memcpy(v->segment_id, setup->segment_id, sizeof v->segment_id);
	sl_secret_wipe(&vault);
	return rc;
}

/* Descriptors of one load: those it writes, and the earlier version's. */
struct files {
	int segment, registry, spill, base;
};

/* A file of no name: what sluice-load spills is gone with the last descriptor. The lock keeps others from the name. */
static int open_spill(struct sl_import *im)
{
	char *path = sl_enclave_path(im->e, "vault/spill");
	int fd = -1;

	if (path != NULL) {
		(void)unlink(path);
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		(void)unlink(path);
	}
	free(path);
	return fd;
}

static enum sl_rc open_outputs(struct sl_import *im, const struct sl_version *v, const char *space, struct files *f,
                               struct sl_err *err)
{
	char *seg = segment_path(im, v->segment_id), *reg = sl_enclave_path(im->e, "vault/%s.units", space);
	enum sl_rc rc = seg != NULL && reg != NULL ? SL_OK : no_memory(err);

	if (rc == SL_OK) {
		rc = sl_leftover_note(im->lock, v->segment_id, err);
	}
	if (rc == SL_OK) {
		f->segment = open(seg, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		f->registry = open(reg, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		f->spill = open_spill(im);
		if (f->segment < 0 || f->registry < 0 || f->spill < 0)
			rc = sl_err_errno(err, SL_E_IO, errno, "cannot write in %s/vault", im->e->dir);
	}
	free(seg);
	free(reg);
	return rc;
}

static void close_files(struct files *f)
{
	const int all[] = {f->segment, f->registry, f->spill, f->base};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (all[i] >= 0)
			close(all[i]);
}

struct watching {
	const struct sl_import_source *source;
	const char *table;
};

/* From a process that is alive and unjudged: what is no progress is dropped, what is one is only shown. */
static void take_progress(void *self, const uint8_t *body, size_t len)
{
	const struct watching *w = self;
	struct sl_load_progress progress = {0};

	if (w->source->step != NULL && sl_codec_decode(&sl_load_progress_record, body, len, &progress, NULL) == SL_OK)
		w->source->step(w->source->step_self, w->table, &progress);
}

enum sl_rc sl_import_run(const struct sl_import *im, const struct sl_import_source *source, const char *table,
                         struct sl_load_setup *setup, const int *fds, uint32_t nfds, struct sl_load_report *report,
                         struct sl_err *err)
{
	struct watching watching = {source, table};
	struct sl_buf wire = {.max = SL_SETUP_WIRE_MAX};
	struct sl_keeper_outcome outcome = {0};
	struct sl_keeper_job job = {
		.program = SL_PROGRAM_LOAD,
		.data_fds = fds,
		.ndata = nfds,
		.memory_bytes = im->limits.load_memory_bytes,
		.file_bytes_max = setup->reference ? 0 : FILE_BYTES_MAX,
		.deadline_ms = im->limits.load_wall_ms,
		.cpu_ms = im->limits.load_cpu_ms,
		.threads = setup->threads,
		.setup_is_secret = true,
		.progress = take_progress,
		.progress_self = &watching,
	};
	const struct sl_keeper_expect expect = {SL_FRAME_LOAD_REPORT, 1, 1, 32u << 20};
	enum sl_rc rc = sl_codec_encode(&sl_load_setup_record, setup, &wire, err);

	explicit_bzero(setup->segment_key, sizeof setup->segment_key);
	explicit_bzero(setup->base_key, sizeof setup->base_key);
	explicit_bzero(setup->space_key, sizeof setup->space_key);
	if (rc == SL_OK) {
		struct sl_keeper_message message = {SL_FRAME_LOAD_SETUP, wire.data, wire.len};
		rc = sl_keeper_run(&job, &message, 1, &expect, 1, &outcome, err);
	}
	sl_buf_free(&wire);
	if (rc == SL_E_LIMIT || rc == SL_E_INPUT || rc == SL_E_INTEGRITY)
		sl_err_at(err, source->name, 0, 0);
	if (rc == SL_OK)
		rc = sl_codec_decode(&sl_load_report_record, outcome.frames[0].body.data, outcome.frames[0].body.len, report, err);
	sl_keeper_outcome_free(&outcome);
	return rc;
}

/* The version id is what the parent itself read back from the file, not what a confined process says. */
static enum sl_rc seal_on_disk(struct sl_import *im, const struct files *o, const struct sl_load_report *report,
                               struct sl_version *v, struct sl_err *err)
{
	struct stat st;
	char *vault = sl_enclave_path(im->e, "vault");
	int dir = vault != NULL ? open(vault, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	enum sl_rc rc = dir >= 0 ? SL_OK : no_memory(err);

	if (rc == SL_OK && (fsync(o->segment) != 0 || fsync(o->registry) != 0 || fsync(dir) != 0))
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot put a segment on disk");
	if (rc == SL_OK)
		rc = sl_file_digest(o->segment, report->segment_bytes, "a new segment", v->id, err);
	if (rc == SL_OK && (memcmp(v->id, report->version, sizeof v->id) != 0 || fstat(o->segment, &st) != 0 ||
	                    (uint64_t)st.st_size != report->segment_bytes))
		rc = sl_err_set(err, SL_E_INTEGRITY, "the segment on disk is not what sluice-load says it wrote");
	free(vault);
	if (dir >= 0)
		close(dir);
	return rc;
}

static enum sl_rc judge_report(const struct sl_import_source *source, const struct sl_load_report *report,
                               struct sl_err *err)
{
	char place[256];

	if (report->complete)
		return SL_OK;
	if (report->nbad_rows == 0)
		return sl_err_set(err, SL_E_INPUT, "%s could not be read", source->name);
	const struct sl_bad_row *bad = &report->bad_rows[0];
	(void)snprintf(place, sizeof place, "%s", source->name);
	enum sl_rc rc =
		sl_err_set(err, SL_E_INPUT, "%s%s%s (%llu bad rows; nothing was imported)", bad->column,
	                   bad->column[0] != '\0' ? ": " : "", bad->reason, (unsigned long long)report->bad_rows_total);
	sl_err_at(err, place, (uint32_t)bad->line, 0);
	return rc;
}

static enum sl_rc load_segment(struct sl_import *im, struct sl_import_table *t, struct sl_load_setup *setup,
                               const struct sl_import_source *source, struct sl_err *err)
{
	struct files f = {-1, -1, -1, -1};
	struct sl_import_space *space = NULL;
	enum sl_rc rc = space_of(im, t->table->space, &space, err);

	if (rc == SL_OK)
		rc = make_keys(im, t->table->space, setup, &t->version, err);
	if (rc == SL_OK && (t->version.table = strdup(t->table->name)) == NULL)
		rc = no_memory(err);
	if (rc == SL_OK)
		rc = sl_import_choose_base(im, t, source, setup, &f.base, err);
	if (rc == SL_OK)
		rc = open_outputs(im, &t->version, t->table->space, &f, err);
	if (rc == SL_OK)
		rc = open_space(space, f.registry, err);
	if (rc == SL_OK) {
		int fds[6] = {source->fd, f.segment, f.registry, f.spill};
		uint32_t n = 4;
		if (f.base >= 0)
			fds[n++] = f.base;
		if (source->wal >= 0)
			fds[n++] = source->wal;
		setup->registry_count = space->space.units;
		rc = sl_import_run(im, source, t->table->name, setup, fds, n, &t->report, err);
	}
	if (rc == SL_OK)
		rc = judge_report(source, &t->report, err);
	if (rc == SL_OK)
		rc = sl_data_quality_check(setup, &t->report, err);
	if (rc == SL_OK)
		rc = seal_on_disk(im, &f, &t->report, &t->version, err);
	if (rc == SL_OK)
		rc = seal_space(space, f.registry, t->report.new_units, err);
	if (rc == SL_OK) {
		t->version.bytes = t->report.segment_bytes;
		t->version.rows = t->report.old_rows + t->report.rows;
		t->version.units = t->report.units;
		t->version.at = sl_enclave_now();
		rc = sl_import_decide(im, t, err);
	}
	close_files(&f);
	return rc;
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
		rc = judge_report(source, &t->report, err);
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
		rc = t->reference ? load_reference(im, t, &setup, source, err) : load_segment(im, t, &setup, source, err);
	explicit_bzero(setup.segment_key, sizeof setup.segment_key);
	explicit_bzero(setup.base_key, sizeof setup.base_key);
	explicit_bzero(setup.space_key, sizeof setup.space_key);
	sl_codec_free(&sl_load_setup_record, &setup);
	return rc;
}

static enum sl_rc store_table(struct sl_import *im, const struct sl_import_table *t, json_t *versions,
                              struct sl_err *err)
{
	struct sl_db *db = &im->e->db;
	char hex[65];
	enum sl_rc rc = t->source.table != NULL ? sl_store_source_put(db, &t->source, err) : SL_OK;

	if (rc == SL_OK && !t->reference) {
		sl_text_hex(t->version.id, 32, hex);
		(void)json_object_set_new(versions, t->table->name, json_string(hex));
		rc = sl_version_put(db, &t->version, err);
		return rc == SL_OK ? sl_data_quality_put(im->e, t->table, &t->version, &t->report, err) : rc;
	}
	(void)json_object_set_new(versions, t->table->name, json_string("reference"));
	if (rc == SL_OK)
		rc = sl_reference_clear(db, t->table->name, err);
	for (uint32_t i = 0; rc == SL_OK && i < t->report.nreference; i++)
		rc = sl_reference_add(db, t->table->name, i, &t->report.reference[i], err);
	return rc;
}

static bool is_in_attempt(const struct sl_import *im, const char *name)
{
	bool found = false;

	for (uint32_t i = 0; i < im->ntables; i++)
		found |= strcmp(im->tables[i].table->name, name) == 0;
	return found;
}

/* Do the rows this attempt read for a reference table give every code the meaning it has now? */
static bool same_codes(const struct sl_import *im, const struct sl_import_table *t)
{
	const struct sl_reference *stored = NULL;

	for (uint32_t i = 0; i < im->standing->nreference; i++)
		if (strcmp(im->standing->reference[i].table, t->table->name) == 0)
			stored = &im->standing->reference[i];
	if (stored == NULL || stored->nrows != t->report.nreference)
		return stored == NULL;
	for (uint32_t i = 0; i < stored->nrows; i++)
		if (strcmp(stored->rows[i].key, t->report.reference[i].key) != 0)
			return false;
	return true;
}

bool sl_import_codes_moved(const struct sl_import *im, const struct sl_cat_table *table)
{
	bool moved = false;

	for (uint32_t i = 0; i < im->ntables; i++)
		for (uint32_t k = 0; k < table->nfields; k++)
			moved |= im->tables[i].reference && table->fields[k].domain != NULL &&
			         strcmp(table->fields[k].domain, im->tables[i].table->name) == 0 && !same_codes(im, &im->tables[i]);
	return moved;
}

/* The attributes of its rows are codes and numbers too. */
static enum sl_rc check_reference_left_out(const struct sl_import *im, const struct sl_cat_table *table,
                                           struct sl_err *err)
{
	for (uint32_t i = 0; i < im->standing->nreference; i++)
		if (strcmp(im->standing->reference[i].table, table->name) == 0) {
			(void)sl_err_set(err, SL_E_INPUT, "%s was loaded under another catalogue; it has to be imported with the others",
			                 table->name);
			sl_err_remedy(err, "import the whole package");
			return SL_E_INPUT;
		}
	return SL_OK;
}

/*
 * A segment holds codes, and what they mean is said by the catalogue and the reference rows it was loaded under. A
 * table
 * left out of this attempt keeps its segment, so those must stay what they were.
 */
static enum sl_rc check_left_out(struct sl_import *im, const struct sl_cat_table *table, bool changed,
                                 struct sl_err *err)
{
	bool is_kept = false;
	enum sl_rc rc;

	if (is_in_attempt(im, table->name))
		return SL_OK;
	if (table->reference_key != NULL)
		return changed && table->nattributes > 0 ? check_reference_left_out(im, table, err) : SL_OK;
	rc = sl_version_is_kept(&im->e->db, table->name, &is_kept, err);
	if (rc == SL_OK && is_kept && (changed || sl_import_codes_moved(im, table))) {
		rc = sl_err_set(err, SL_E_INPUT, "%s was loaded under %s; it has to be imported with the others", table->name,
		                changed ? "another catalogue" : "other rows of a reference table");
		sl_err_remedy(err, "import the whole package");
	}
	return rc;
}

static enum sl_rc check_partial(struct sl_import *im, struct sl_err *err)
{
	const struct sl_standing *s = im->standing;
	bool changed = false;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < s->ncatalogues; i++)
		changed |= strcmp(s->catalogues[i].dataset, im->catalogue->dataset) == 0 &&
		           memcmp(s->catalogues[i].sha256, im->catalogue->sha256, 32) != 0;
	for (uint32_t i = 0; rc == SL_OK && i < im->catalogue->ntables; i++)
		rc = check_left_out(im, &im->catalogue->tables[i], changed, err);
	return rc;
}

enum sl_rc sl_import_commit(struct sl_import *im, const struct sl_actor *actor, const void *catalogue_text, size_t len,
                            struct sl_err *err)
{
	struct sl_db *db = &im->e->db;
	char hex[65];
	json_t *versions = json_object();
	enum sl_rc rc = check_partial(im, err);

	if (rc == SL_OK)
		rc = sl_db_begin(db, err);
	sl_text_hex(im->catalogue->sha256, 32, hex);
	if (rc == SL_OK)
		rc = sl_catalogue_put(db, im->catalogue->dataset, catalogue_text, len, im->catalogue->sha256, sl_enclave_now(), err);
	if (rc == SL_OK)
		rc = sl_entries_put(im->e, im->catalogue, err);
	for (uint32_t i = 0; rc == SL_OK && i < im->ntables; i++)
		rc = store_table(im, &im->tables[i], versions, err);
	for (uint32_t i = 0; rc == SL_OK && i < im->nspaces; i++)
		rc = sl_space_set(db, im->spaces[i].name, im->spaces[i].space.units, im->spaces[i].space.sha256, err);
	if (rc == SL_OK)
		rc = sl_audit_append(im->e, "data.imported", actor->person[0] != '\0' ? actor->person : "operator",
		                     json_pack("{s:s, s:s, s:O}", "catalogue", hex, "dataset", im->catalogue->dataset, "versions",
		                               versions),
		                     NULL, err);
	if (rc == SL_OK)
		rc = sl_db_commit(db, err);
	sl_db_rollback(db);
	json_decref(versions);
	return rc;
}
