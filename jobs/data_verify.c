/* data_verify.c - whether what is kept is what was sealed: segments byte by byte, registries, keys. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "enclave/keeper/keeper.h"
#include "enclave/vault/keys.h"
#include "jobs/data_package.h"
#include "jobs/file_digest.h"
#include "jobs/leftover.h"

struct verifying {
	struct sl_enclave *e;
	const struct sl_limits *limits;
	const struct sl_data_verify *watch;
	uint32_t *nbad;
};

/* A fault of what is verified is told and counted; one of ours ends it. */
static enum sl_rc settle(struct verifying *v, struct sl_data_verified *seen, enum sl_rc rc, const struct sl_err *why,
                         struct sl_err *err)
{
	bool is_finding = rc == SL_OK || rc == SL_E_INTEGRITY;

	if (!is_finding) {
		(void)sl_err_set(err, rc, "%s", why->text);
		if (why->remedy[0] != '\0')
			sl_err_remedy(err, "%s", why->remedy);
		return rc;
	}
	seen->fault = rc == SL_OK ? NULL : why->text;
	*v->nbad += rc != SL_OK;
	v->watch->seen(v->watch->self, seen);
	return SL_OK;
}

static enum sl_rc open_kept(const char *path, const char *what, int *fd, struct sl_err *err)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd >= 0)
		return SL_OK;
	return errno == ENOENT ? sl_err_set(err, SL_E_INTEGRITY, "%s is missing (%s)", what, path)
	                       : sl_err_errno(err, errno == ELOOP ? SL_E_INTEGRITY : SL_E_IO, errno, "cannot open %s", path);
}

/* sluice-load reads it through; its key is wiped here before a byte of the segment is read there. */
static enum sl_rc decipher(struct verifying *v, const struct sl_version *version, int fd, struct sl_err *err)
{
	struct sl_load_setup setup = {.format = SL_LOAD_VERIFY, .bad_rows_max = 1, .threads = 1};
	struct sl_buf wire = {.max = SL_SETUP_WIRE_MAX};
	struct sl_keeper_outcome outcome = {0};
	struct sl_secret vault = {{0}};
	const struct sl_keeper_expect expect = {SL_FRAME_LOAD_REPORT, 1, 1, 4096};
	const struct sl_keeper_job job = {
		.program = SL_PROGRAM_LOAD,
		.data_fds = &fd,
		.ndata = 1,
		.memory_bytes = v->limits->load_memory_bytes,
		.deadline_ms = v->limits->load_wall_ms,
		.cpu_ms = v->limits->load_cpu_ms,
		.setup_is_secret = true,
	};
	enum sl_rc rc = sl_enclave_vault_key(v->e, &vault, err);

	if (rc == SL_OK && version->nwrapped != SL_WRAPPED_KEY_BYTES)
		rc = sl_err_set(err, SL_E_INTEGRITY, "the version's key is damaged");
	if (rc == SL_OK)
		rc = sl_keys_unwrap(vault.b, version->segment_id, version->wrapped, setup.base_key, err);
	sl_secret_wipe(&vault);
	setup.base_bytes = version->bytes;
	memcpy(setup.base_id, version->segment_id, sizeof setup.base_id);
	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_load_setup_record, &setup, &wire, err);
	explicit_bzero(setup.base_key, sizeof setup.base_key);
	const struct sl_keeper_message message = {SL_FRAME_LOAD_SETUP, wire.data, wire.len};
	if (rc == SL_OK)
		rc = sl_keeper_run(&job, &message, 1, &expect, 1, &outcome, err);
	sl_keeper_outcome_free(&outcome);
	sl_buf_free(&wire);
	return rc;
}

/* The digest finds that something is wrong; reading it through finds where. */
static enum sl_rc check_segment(struct verifying *v, const struct sl_version *version, struct sl_err *err)
{
	uint8_t id[32];
	char hex[33];
	struct stat st;
	int fd = -1;

	sl_text_hex(version->segment_id, 16, hex);
	char *path = sl_enclave_path(v->e, "vault/%s.seg", hex);
	enum sl_rc rc = path != NULL ? open_kept(path, "its file", &fd, err)
	                             : sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK && fstat(fd, &st) != 0)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot look at %s", path);
	if (rc == SL_OK && (uint64_t)st.st_size != version->bytes)
		rc = sl_err_set(err, SL_E_INTEGRITY, "its file has %lld bytes where %llu were sealed (%s)",
		                (long long)st.st_size, (unsigned long long)version->bytes, path);
	if (rc == SL_OK)
		rc = decipher(v, version, fd, err);
	if (rc == SL_OK)
		rc = sl_file_digest(fd, version->bytes, "its file", id, err);
	if (rc == SL_OK && memcmp(id, version->id, sizeof id) != 0)
		rc = sl_err_set(err, SL_E_INTEGRITY, "its file is sealed, but is not the version on record (%s)", path);
	if (fd >= 0)
		close(fd);
	free(path);
	return rc;
}

/* Nothing is wrong with what this state has; but it may not be the one that belongs here. */
static enum sl_rc verify_unknown(struct verifying *v, struct sl_err *err)
{
	char first[40] = "", note[256];
	uint32_t n = 0;
	enum sl_rc rc = sl_leftover_unknown(v->e, &n, first, err);

	if (rc != SL_OK || n == 0)
		return rc;
	(void)snprintf(note, sizeof note,
	               "%u segment%s in the vault belong%s to no version of this state (%s): when an older state.db was "
	               "brought back, the newer one has %s; if not, remove %s",
	               n, n == 1 ? "" : "s", n == 1 ? "s" : "", first, n == 1 ? "it" : "them", n == 1 ? "it" : "them");
	const struct sl_data_verified seen = { .note = note };
	v->watch->seen(v->watch->self, &seen);
	return SL_OK;
}

static enum sl_rc verify_versions(struct verifying *v, const char *const *only, size_t nonly, struct sl_err *err)
{
	struct sl_versions all = {0};
	struct sl_version in_force = {0};
	enum sl_rc rc = sl_versions_load(&v->e->db, NULL, &all, err);

	for (uint32_t i = 0; rc == SL_OK && i < all.n; i++) {
		const struct sl_version *version = &all.items[i];
		struct sl_err why = {0};
		if (version->forgotten != 0 || !sl_data_is_named(version->table, only, nonly))
			continue;
		rc = sl_version_in_force(&v->e->db, version->table, &in_force, err);
		struct sl_data_verified seen = {
			.table = version->table,
			.version = version->id,
			.state = version->n == in_force.n ? SL_VERSION_IN_FORCE
			         : version->n > in_force.n ? SL_VERSION_WAITS
			                                   : SL_VERSION_OLD,
			.rows = version->rows,
			.units = version->units,
		};
		if (rc == SL_OK || rc == SL_E_NO)
			rc = settle(v, &seen, check_segment(v, version, &why), &why, err);
		sl_version_free(&in_force);
	}
	sl_versions_free(&all);
	return rc;
}

static enum sl_rc verify_space(void *self, const struct sl_space *space, struct sl_err *err)
{
	struct verifying *v = self;
	struct sl_data_verified seen = {.space = space->name, .units = space->units};
	struct sl_err why = {0};
	int fd = -1;
	char *path = sl_enclave_path(v->e, "vault/%s.units", space->name);
	enum sl_rc rc = path != NULL ? open_kept(path, "the registry", &fd, &why)
	                             : sl_err_set(err, SL_E_NOMEM, "out of memory");

	if (rc == SL_OK)
		rc = sl_import_check_registry(space, fd, &why);
	if (fd >= 0)
		close(fd);
	free(path);
	return settle(v, &seen, rc, &why, err);
}

static enum sl_rc check_named(struct sl_enclave *e, const char *const *only, size_t nonly, struct sl_err *err)
{
	struct sl_versions all = {0};
	enum sl_rc rc = sl_versions_load(&e->db, NULL, &all, err);

	for (size_t i = 0; rc == SL_OK && i < nonly; i++) {
		bool found = false;
		for (uint32_t k = 0; k < all.n; k++)
			found |= all.items[k].forgotten == 0 && sl_data_is_named(all.items[k].table, &only[i], 1);
		if (!found)
			rc = sl_err_set(err, SL_E_NO, "no version is kept of a table \"%.100s\"", only[i]);
	}
	sl_versions_free(&all);
	return rc;
}

enum sl_rc sl_data_verify(struct sl_enclave *e, const struct sl_actor *actor, const char *const *only, size_t nonly,
                          const struct sl_data_verify *watch, struct sl_err *err)
{
	struct sl_standing s = {0};
	struct sl_limits limits;
	uint32_t nbad = 0;
	int lock = -1;
	struct verifying v = {.e = e, .limits = &limits, .watch = watch, .nbad = &nbad};
	enum sl_rc rc = sl_standing_people(e, &s, err);

	if (s.has_policy)
		limits = s.policy.limits;
	else
		sl_policy_limits_usual(&limits);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &s, SL_ACTION_DATA_VERIFY, err);
	/* Nothing is forgotten or added while it is looked at. */
	if (rc == SL_OK)
		rc = sl_import_lock(e, &lock, err);
	if (rc == SL_OK)
		rc = check_named(e, only, nonly, err);
	if (rc == SL_OK)
		rc = verify_versions(&v, only, nonly, err);
	if (rc == SL_OK && nonly == 0)
		rc = sl_space_each(&e->db, verify_space, &v, err);
	if (rc == SL_OK && nonly == 0)
		rc = verify_unknown(&v, err);
	if (rc == SL_OK && nbad > 0) {
		rc = sl_err_set(err, SL_E_INTEGRITY, "%u of what is kept %s not what was sealed", nbad, nbad == 1 ? "is" : "are");
		sl_err_remedy(err, "bring the file back from a backup, or import the table again and forget what is damaged");
	}
	if (lock >= 0)
		close(lock);
	sl_standing_free(&s);
	return rc;
}
