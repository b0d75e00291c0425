/* enclave.c - see enclave.h. */
#include "jobs/enclave.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "jobs/audit.h"
#include "jobs/job.h"
#include "jobs/leftover.h"
#include "jobs/root.h"
#include "jobs/scrub.h"
#include "jobs/sign/private_file.h"
#include "jobs/store/meta.h"

#define ENCLAVE_KEY "enclave.pem"
#define VAULT_KEY "vault.key"

int64_t sl_enclave_now(void)
{
	return (int64_t)time(NULL);
}

int64_t sl_enclave_today(void)
{
	return sl_enclave_now() / 86400;
}

void sl_enclave_time_text(int64_t seconds, char out[static SL_TIME_TEXT])
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL || strftime(out, SL_TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		out[0] = '\0';
}

char *sl_enclave_path(const struct sl_enclave *e, const char *fmt, ...)
{
	char *tail = NULL, *path = NULL;
	va_list ap;

	va_start(ap, fmt);
	int n = vasprintf(&tail, fmt, ap);
	va_end(ap);
	if (n >= 0 && asprintf(&path, "%s/%s", e->dir, tail) < 0)
		path = NULL;
	if (n >= 0)
		free(tail);
	return path;
}

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

/* A directory for us alone: made, or already there and empty. *made says whether a failure may remove it. */
static enum sl_rc make_private_dir(const char *path, bool *made, struct sl_err *err)
{
	*made = mkdir(path, 0700) == 0;
	if (*made)
		return SL_OK;
	if (errno != EEXIST)
		return sl_err_errno(err, SL_E_IO, errno, "cannot make %s", path);
	DIR *d = opendir(path);
	struct dirent *entry;
	bool empty = d != NULL;
	while (d != NULL && (entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			empty = false;
	if (d != NULL)
		closedir(d);
	if (!empty)
		return sl_err_set(err, SL_E_NO, "%s exists and is not an empty directory", path);
	return chmod(path, 0700) == 0 ? SL_OK : sl_err_errno(err, SL_E_IO, errno, "cannot close %s to others", path);
}

static enum sl_rc make_keys(const char *keys_dir, struct sl_ed25519 *sign, struct sl_err *err)
{
	struct sl_secret vault = {{0}};
	char *enclave_path = NULL, *vault_path = NULL;
	enum sl_rc rc = sl_ed25519_generate(sign, err);

	if (rc == SL_OK && (asprintf(&enclave_path, "%s/" ENCLAVE_KEY, keys_dir) < 0 ||
	                    asprintf(&vault_path, "%s/" VAULT_KEY, keys_dir) < 0))
		rc = no_memory(err);
	if (rc == SL_OK)
		rc = sl_secret_new(&vault, err);
	if (rc == SL_OK)
		rc = sl_ed25519_write(sign, enclave_path, err);
	if (rc == SL_OK)
		rc = sl_private_file_write(vault_path, vault.b, sizeof vault.b, err);
	sl_secret_wipe(&vault);
	free(enclave_path);
	free(vault_path);
	return rc;
}

static json_t *root_body(const char *name, const struct sl_ed25519 *key, const struct sl_officer *officers, size_t n)
{
	char hex[65];

	sl_text_hex(key->public, 32, hex);
	return json_pack("{s:s, s:s, s:o}", "enclave", name, "enclave_key", hex, "officers",
	                 sl_root_officers_json(officers, n));
}

static enum sl_rc write_root(struct sl_enclave *e, const struct sl_ed25519 *key, const struct sl_officer *officers,
                             size_t n, struct sl_err *err)
{
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK)
		rc = sl_meta_put(&e->db, "name", e->name, strlen(e->name), err);
	if (rc == SL_OK)
		rc = sl_meta_put(&e->db, "public", key->public, sizeof key->public, err);
	if (rc == SL_OK)
		rc = sl_meta_put(&e->db, "keys_dir", e->keys_dir, strlen(e->keys_dir), err);
	if (rc == SL_OK)
		rc = sl_audit_append(e, "enclave.founded", "operator", root_body(e->name, key, officers, n), NULL, err);
	return rc == SL_OK ? sl_db_commit(&e->db, err) : rc;
}

static enum sl_rc check_name(const char *name, struct sl_err *err)
{
	if (!sl_text_is_ident(name) || !sl_signed_note_name_ok(name))
		return sl_err_set(err, SL_E_INPUT, "\"%s\" cannot name an enclave: letters, digits, - and _", name);
	return SL_OK;
}

static void remove_made(const struct sl_enclave *e, bool dir_made, bool keys_made)
{
	static const char *const in_dir[] = {"state.db", "state.db-wal", "state.db-shm", "vault", "releases"};
	static const char *const in_keys[] = {ENCLAVE_KEY, VAULT_KEY};
	char path[4096];

	for (size_t i = 0; i < sizeof in_dir / sizeof in_dir[0]; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", e->dir, in_dir[i]);
		(void)remove(path);
	}
	for (size_t i = 0; i < sizeof in_keys / sizeof in_keys[0]; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", e->keys_dir, in_keys[i]);
		(void)remove(path);
	}
	if (keys_made)
		(void)rmdir(e->keys_dir);
	if (dir_made)
		(void)rmdir(e->dir);
}

static enum sl_rc make_subdirs(const struct sl_enclave *e, struct sl_err *err)
{
	static const char *const names[] = {"vault", "releases"};

	for (size_t i = 0; i < 2; i++) {
		char *path = sl_enclave_path(e, "%s", names[i]);
		int made = path != NULL ? mkdir(path, 0700) : -1;
		free(path);
		if (made != 0)
			return sl_err_errno(err, SL_E_IO, errno, "cannot make %s/%s", e->dir, names[i]);
	}
	return SL_OK;
}

/* Both absolute and free of links. */
static bool is_within(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

enum sl_rc sl_enclave_init(const char *dir, const char *keys_dir, const char *name, const struct sl_officer *officers,
                           size_t nofficers, struct sl_buf *anchor, struct sl_err *err)
{
	struct sl_enclave e = {0};
	struct sl_ed25519 key = {0};
	bool dir_made = false, keys_made = false, dir_ours = false;
	char *db_path = NULL;
	enum sl_rc rc = check_name(name, err);

	if (rc == SL_OK)
		rc = sl_root_check(officers, nofficers, err);
	if (rc == SL_OK)
		rc = make_private_dir(dir, &dir_made, err);
	dir_ours = rc == SL_OK;
	if (rc == SL_OK)
		rc = make_private_dir(keys_dir, &keys_made, err);
	bool ours = rc == SL_OK;
	if (dir_ours && !ours && dir_made)
		(void)rmdir(dir);
	if (rc == SL_OK) {
		e.dir = realpath(dir, NULL);
		e.keys_dir = realpath(keys_dir, NULL);
		e.name = strdup(name);
		if (e.dir == NULL || e.keys_dir == NULL || e.name == NULL)
			rc = no_memory(err);
		else if (is_within(e.keys_dir, e.dir))
			rc = sl_err_set(err, SL_E_INPUT, "the keys would lie within %s: a copy of it must not hold them", dir);
	}
	if (rc == SL_OK)
		rc = make_keys(e.keys_dir, &key, err);
	if (rc == SL_OK)
		rc = make_subdirs(&e, err);
	if (rc == SL_OK && (db_path = sl_enclave_path(&e, "state.db")) == NULL)
		rc = no_memory(err);
	if (rc == SL_OK)
		rc = sl_db_create(db_path, &e.db, err);
	memcpy(e.public, key.public, sizeof e.public);
	if (rc == SL_OK)
		rc = write_root(&e, &key, officers, nofficers, err);
	if (rc == SL_OK)
		rc = sl_enclave_anchor(&e, anchor, err);
	sl_ed25519_wipe(&key);
	sl_db_close(&e.db);
	if (rc != SL_OK && ours && e.dir != NULL && e.keys_dir != NULL)
		remove_made(&e, dir_made, keys_made);
	free(db_path);
	sl_enclave_close(&e);
	return rc;
}

static enum sl_rc read_meta(struct sl_enclave *e, struct sl_err *err)
{
	struct sl_buf b = {0};
	enum sl_rc rc = sl_meta_get(&e->db, "name", &b, err);

	if (rc == SL_OK && (e->name = strdup(sl_buf_cstr(&b))) == NULL)
		rc = no_memory(err);
	sl_buf_reset(&b);
	if (rc == SL_OK)
		rc = sl_meta_get(&e->db, "keys_dir", &b, err);
	if (rc == SL_OK && (e->keys_dir = strdup(sl_buf_cstr(&b))) == NULL)
		rc = no_memory(err);
	sl_buf_reset(&b);
	if (rc == SL_OK)
		rc = sl_meta_get(&e->db, "public", &b, err);
	if (rc == SL_OK && b.len != sizeof e->public)
		rc = sl_err_set(err, SL_E_INTEGRITY, "state.db: the enclave's public key is damaged");
	if (rc == SL_OK)
		memcpy(e->public, b.data, sizeof e->public);
	sl_buf_free(&b);
	return rc;
}

/*
 * Opening repairs only when nobody else is at work: an import or release in progress owns what looks like a
 * leftover.
 */
static enum sl_rc repair(struct sl_enclave *e, struct sl_err *err)
{
	struct sl_buf told = {0};
	enum sl_rc rc = sl_job_repair(e, &told, err);

	char *lock_path = sl_enclave_path(e, "vault/import.lock");
	int lock = lock_path != NULL ? open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	bool is_ours = rc == SL_OK && lock >= 0 && fcntl(lock, F_OFD_SETLK, &whole) == 0;
	if (is_ours)
		rc = sl_leftover_remove(e, lock, &told, err);
	/* Somebody reading an older state keeps it from being written anew: then a later command does it. */
	if (rc == SL_OK && is_ours)
		(void)!sl_scrub_pay(e, false, NULL);
	if (lock >= 0)
		close(lock);
	free(lock_path);
	const char *text = told.len > 0 || told.failed ? sl_buf_cstr(&told) : "";
	if (rc == SL_OK && (text == NULL || (e->repaired = strdup(text)) == NULL))
		rc = no_memory(err);
	sl_buf_free(&told);
	return rc;
}

static enum sl_rc check_owner(const char *dir, struct sl_err *err)
{
	struct stat st;
	enum sl_rc rc = SL_OK;

	if (stat(dir, &st) != 0) {
		rc = sl_err_errno(err, SL_E_INPUT, errno, "no enclave at %s", dir);
		sl_err_remedy(err, "make one with: sluice init %s --name NAME --officer NAME=KEY.pub", dir);
	} else if (!S_ISDIR(st.st_mode)) {
		rc = sl_err_set(err, SL_E_INPUT, "%s is not a directory", dir);
	} else if (st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
		rc = sl_err_set(err, SL_E_DENIED, "%s must belong to this account alone (mode 0700)", dir);
		sl_err_remedy(err, "use the account that owns the enclave, or: chmod 700 %s", dir);
	}
	return rc;
}

/* With a vault it was an enclave; a new one has other keys, and reads nothing of it. */
static enum sl_rc no_state(const struct sl_enclave *e, struct sl_err *err)
{
	char *vault = sl_enclave_path(e, "vault");

	(void)sl_err_set(err, SL_E_INPUT, "no enclave at %s: it has no state.db", e->dir);
	if (vault != NULL && access(vault, F_OK) == 0)
		sl_err_remedy(err, "its vault is there: bring state.db back from a backup, then see `sluice audit verify`");
	else
		sl_err_remedy(err, "make one with: sluice init %s --name NAME --officer NAME=KEY.pub", e->dir);
	free(vault);
	return SL_E_INPUT;
}

enum sl_rc sl_enclave_open(const char *dir, struct sl_enclave *e, struct sl_err *err)
{
	char *db_path = NULL;
	enum sl_rc rc;

	memset(e, 0, sizeof *e);
	rc = check_owner(dir, err);
	if (rc == SL_OK && (e->dir = realpath(dir, NULL)) == NULL)
		rc = no_memory(err);
	if (rc == SL_OK && (db_path = sl_enclave_path(e, "state.db")) == NULL)
		rc = no_memory(err);
	if (rc == SL_OK && access(db_path, F_OK) != 0) {
		rc = no_state(e, err);
	}
	if (rc == SL_OK)
		rc = sl_db_open(db_path, &e->db, err);
	if (rc == SL_OK)
		rc = read_meta(e, err);
	if (rc == SL_OK)
		rc = repair(e, err);
	free(db_path);
	if (rc != SL_OK)
		sl_enclave_close(e);
	return rc;
}

void sl_enclave_close(struct sl_enclave *e)
{
	sl_db_close(&e->db);
	free(e->dir);
	free(e->keys_dir);
	free(e->name);
	free(e->repaired);
	memset(e, 0, sizeof *e);
}

enum sl_rc sl_enclave_sign_key(const struct sl_enclave *e, struct sl_ed25519 *out, struct sl_err *err)
{
	char *path = NULL;
	enum sl_rc rc = asprintf(&path, "%s/" ENCLAVE_KEY, e->keys_dir) >= 0 ? SL_OK : no_memory(err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK) {
		rc = sl_ed25519_read(path, out, err);
		free(path);
	}
	if (rc == SL_OK && memcmp(out->public, e->public, sizeof e->public) != 0) {
		sl_ed25519_wipe(out);
		rc = sl_err_set(err, SL_E_INTEGRITY, "%s/" ENCLAVE_KEY " is not this enclave's key", e->keys_dir);
	}
	return rc;
}

enum sl_rc sl_enclave_sign_note(const struct sl_enclave *e, const struct sl_buf *text, struct sl_buf *out,
                                struct sl_err *err)
{
	struct sl_ed25519 key;
	enum sl_rc rc = sl_enclave_sign_key(e, &key, err);

	if (rc == SL_OK)
		rc = sl_signed_note_sign((const char *)text->data, text->len, e->name, &key, out, err);
	sl_ed25519_wipe(&key);
	return rc;
}

enum sl_rc sl_enclave_vault_key(const struct sl_enclave *e, struct sl_secret *out, struct sl_err *err)
{
	struct sl_buf b = {0};
	char *path = NULL;
	enum sl_rc rc = asprintf(&path, "%s/" VAULT_KEY, e->keys_dir) >= 0 ? SL_OK : no_memory(err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK) {
		rc = sl_private_file_read(path, &b, err);
		if (rc == SL_E_IO)
			sl_err_remedy(err, "bring the keys back from their own backup: without vault.key no table can be read, nor what "
			                   "is sealed in state.db");
		if (rc == SL_OK && b.len != sizeof out->b)
			rc = sl_err_set(err, SL_E_INTEGRITY, "%s is not a vault key: it has %zu bytes, not 32", path, b.len);
		free(path);
	}
	if (rc == SL_OK)
		memcpy(out->b, b.data, sizeof out->b);
	sl_buf_free(&b);
	return rc;
}

static enum sl_rc purpose_key(const struct sl_enclave *e, const char *purpose, struct sl_secret *out,
                              struct sl_err *err)
{
	struct sl_secret vault;
	char info[128];
	enum sl_rc rc = sl_enclave_vault_key(e, &vault, err);

	(void)snprintf(info, sizeof info, "sluice state v0 %s", purpose);
	if (rc == SL_OK)
		rc = sl_secret_derive(&vault, info, out, err);
	sl_secret_wipe(&vault);
	return rc;
}

enum sl_rc sl_enclave_seal(const struct sl_enclave *e, const char *purpose, const char *context, const void *data,
                           size_t len, struct sl_buf *out, struct sl_err *err)
{
	struct sl_secret key = {{0}};
	enum sl_rc rc = purpose_key(e, purpose, &key, err);

	if (rc == SL_OK)
		rc = sl_seal_box(&key, context, data, len, out, err);
	sl_secret_wipe(&key);
	return rc;
}

enum sl_rc sl_enclave_unseal(const struct sl_enclave *e, const char *purpose, const char *context, const void *box,
                             size_t len, struct sl_buf *out, struct sl_err *err)
{
	struct sl_secret key = {{0}};
	enum sl_rc rc = purpose_key(e, purpose, &key, err);

	if (rc == SL_OK)
		rc = sl_seal_unbox(&key, context, box, len, out, err);
	sl_secret_wipe(&key);
	return rc;
}

/* "root N HASH", only after the root was changed: the newest one. */
static enum sl_rc put_root_line(struct sl_enclave *e, struct sl_buf *out, struct sl_err *err)
{
	struct sl_root *roots = NULL;
	struct sl_merkle_hash hash;
	struct sl_buf leaf = {0};
	uint32_t n = 0;
	char hex[65];
	enum sl_rc rc = sl_roots_load(e, &roots, &n, err);

	if (rc == SL_OK && n > 1) {
		rc = sl_audit_leaf(e, roots[n - 1].leaf, &leaf, err);
		if (rc == SL_OK)
			rc = sl_merkle_leaf(leaf.data, leaf.len, &hash, err);
		if (rc == SL_OK) {
			sl_text_hex(hash.b, sizeof hash.b, hex);
			sl_buf_printf(out, "root %llu %s\n", (unsigned long long)roots[n - 1].leaf, hex);
		}
	}
	sl_roots_free(roots, n);
	sl_buf_free(&leaf);
	return rc;
}

enum sl_rc sl_enclave_anchor(struct sl_enclave *e, struct sl_buf *out, struct sl_err *err)
{
	struct sl_signed_note_key verifier = {0};
	struct sl_checkpoint cp = {0};
	struct sl_ed25519 key = {0};
	struct sl_buf leaf = {0};
	enum sl_rc rc = sl_audit_leaf(e, 0, &leaf, err);

	memcpy(verifier.public, e->public, sizeof verifier.public);
	(void)snprintf(verifier.name, sizeof verifier.name, "%s", e->name);
	(void)snprintf(cp.origin, sizeof cp.origin, "%s", e->name);
	cp.size = 1;
	if (rc == SL_OK)
		rc = sl_merkle_leaf(leaf.data, leaf.len, &cp.root, err);
	sl_buf_printf(out, "sluice anchor v1\nenclave %s\nkey ", e->name);
	if (rc == SL_OK)
		rc = sl_signed_note_key_put(&verifier, out, err);
	sl_buf_text(out, "\n");
	if (rc == SL_OK)
		rc = put_root_line(e, out, err);
	sl_buf_text(out, "\n");
	if (rc == SL_OK)
		rc = sl_enclave_sign_key(e, &key, err);
	if (rc == SL_OK)
		rc = sl_checkpoint_sign(&cp, &key, out, err);
	sl_ed25519_wipe(&key);
	sl_buf_free(&leaf);
	return rc;
}
