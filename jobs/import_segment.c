/*
 * import_segment.c - one table of units: fresh keys, sluice-load into a new segment, what the parent reads back of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "enclave/vault/digest.h"
#include "enclave/vault/keys.h"
#include "enclave/vault/registry.h"
#include "jobs/data_quality.h"
#include "jobs/file_digest.h"
#include "jobs/import.h"
#include "jobs/leftover.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

char *sl_import_segment_path(const struct sl_import *im, const uint8_t id[static SL_SEGMENT_ID_BYTES])
{
	char hex[2 * SL_SEGMENT_ID_BYTES + 1];

	sl_text_hex(id, SL_SEGMENT_ID_BYTES, hex);
	return sl_enclave_path(im->e, "vault/%s.seg", hex);
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
	char *seg = sl_import_segment_path(im, v->segment_id), *reg = sl_enclave_path(im->e, "vault/%s.units", space);
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

enum sl_rc sl_import_segment(struct sl_import *im, struct sl_import_table *t, struct sl_load_setup *setup,
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
		rc = sl_import_judge(source, &t->report, err);
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
