/* bundle_disk.c - a bundle to disk and back. Nothing half written ever has the bundle's name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "jobs/bundle.h"
#include "jobs/left.h"

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_tree(const char *path)
{
	(void)nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static enum sl_rc write_all(int fd, const struct sl_release_file *f, struct sl_err *err)
{
	size_t done = 0;

	while (done < f->bytes.len) {
		ssize_t n = write(fd, f->bytes.data + done, f->bytes.len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_errno(err, SL_E_IO, errno, "cannot write %s", f->path);
		done += (size_t)n;
	}
	return fsync(fd) == 0 ? SL_OK : sl_err_errno(err, SL_E_IO, errno, "cannot write %s", f->path);
}

static enum sl_rc write_file(int dir, const struct sl_release_file *f, struct sl_err *err)
{
	const char *slash = strchr(f->path, '/');
	char folder[64];

	if (slash != NULL) {
		if ((size_t)(slash - f->path) >= sizeof folder)
			return sl_err_set(err, SL_E_BUG, "%s: folder name too long", f->path);
		memcpy(folder, f->path, (size_t)(slash - f->path));
		folder[slash - f->path] = '\0';
		if (mkdirat(dir, folder, 0755) != 0 && errno != EEXIST)
			return sl_err_errno(err, SL_E_IO, errno, "cannot make folder %s", folder);
	}
	int fd = openat(dir, f->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return sl_err_errno(err, SL_E_IO, errno, "cannot write %s", f->path);
	enum sl_rc rc = write_all(fd, f, err);
	if (close(fd) != 0 && rc == SL_OK)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot write %s", f->path);
	return rc;
}

/* The folder and its own folders reach the disk before the name does. */
static enum sl_rc sync_folders(int dir, struct sl_err *err)
{
	static const char *const folders[] = { "approvals", "checksums", "data", "log", "owners", "." };

	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		int fd = openat(dir, folders[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			continue;
		if (fd < 0 || fsync(fd) != 0) {
			enum sl_rc rc = sl_err_errno(err, SL_E_IO, errno, "cannot keep folder %s", folders[i]);
			if (fd >= 0)
				(void)close(fd);
			return rc;
		}
		(void)close(fd);
	}
	return SL_OK;
}

static enum sl_rc sync_parent(const char *path, struct sl_err *err)
{
	char *copy = strdup(path), *slash = copy != NULL ? strrchr(copy, '/') : NULL;
	enum sl_rc rc = SL_OK;

	if (copy == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (slash != NULL)
		slash[slash == copy ? 1 : 0] = '\0';
	int fd = open(slash != NULL ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot keep the folder of %s", path);
	if (fd >= 0)
		(void)close(fd);
	free(copy);
	return rc;
}

enum sl_rc sl_bundle_write(const struct sl_bundle *b, const char *to, struct sl_err *err)
{
	char *tmp = NULL;
	int dir = -1;
	enum sl_rc rc = SL_OK;

	if (asprintf(&tmp, "%s.tmp", to) < 0)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (access(to, F_OK) == 0) {
		rc = sl_err_set(err, SL_E_NO, "%s exists", to);
		goto out;
	}
	if (mkdir(tmp, 0755) != 0) {
		rc = errno == EEXIST ? sl_err_set(err, SL_E_NO, "%s exists", tmp)
		                     : sl_err_errno(err, SL_E_IO, errno, "cannot make %s", tmp);
		goto out;
	}
	dir = open(tmp, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (dir < 0)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot open %s", tmp);
	for (uint32_t i = 0; i < b->nfiles && rc == SL_OK; i++)
		rc = write_file(dir, &b->files[i], err);
	if (rc == SL_OK)
		rc = sync_folders(dir, err);
	if (rc == SL_OK && renameat2(AT_FDCWD, tmp, AT_FDCWD, to, RENAME_NOREPLACE) != 0)
		rc = sl_err_errno(err, errno == EEXIST ? SL_E_NO : SL_E_IO, errno, "cannot name %s", to);
	if (rc == SL_OK)
		rc = sync_parent(to, err);
	else
		remove_tree(tmp);
out:
	if (dir >= 0)
		(void)close(dir);
	free(tmp);
	return rc;
}

/* What lies under the release's name is its own: after a restore it may be another's. */
static enum sl_rc same_release(const struct sl_bundle *b, int64_t release, const char *at, struct sl_err *err)
{
	const struct sl_release_file *own = sl_bundle_find(b, "publication.json");
	struct sl_bundle there = { 0 };
	enum sl_rc rc = sl_bundle_read(at, &there, err);

	if (rc == SL_OK && own == NULL)
		rc = sl_err_set(err, SL_E_BUG, "a bundle without a publication");
	if (rc == SL_OK)
		rc = sl_left_is(&there, release, own->sha256, err);
	sl_bundle_free(&there);
	return rc;
}

enum sl_rc sl_bundle_place(struct sl_enclave *e, int64_t release, const struct sl_bundle *b, struct sl_err *err)
{
	char *folder = sl_enclave_path(e, "releases"), *to = sl_enclave_path(e, "releases/L-%lld", (long long)release),
	     *tmp = sl_enclave_path(e, "releases/L-%lld.tmp", (long long)release);
	enum sl_rc rc =
		folder == NULL || to == NULL || tmp == NULL ? sl_err_set(err, SL_E_NOMEM, "out of memory") : SL_OK;

	if (rc == SL_OK && mkdir(folder, 0700) != 0 && errno != EEXIST)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot make %s", folder);
	if (rc == SL_OK) {
		remove_tree(tmp); /* of a run that was cut short */
		struct sl_err why = { 0 };
		rc = sl_bundle_write(b, to, &why);
		/* Another command may have made it meanwhile; the same bytes but for the log's length. */
		if (rc != SL_OK && access(to, F_OK) == 0)
			rc = same_release(b, release, to, err);
		else if (rc != SL_OK && err != NULL)
			*err = why;
	}
	free(folder);
	free(to);
	free(tmp);
	return rc;
}

enum sl_rc sl_bundle_make(struct sl_enclave *e, int64_t release, struct sl_err *err)
{
	struct sl_bundle b = { 0 };
	enum sl_rc rc = sl_bundle_build(e, release, &b, err);

	if (rc == SL_OK)
		rc = sl_bundle_place(e, release, &b, err);
	sl_bundle_free(&b);
	return rc;
}

static enum sl_rc read_file(int dir, const char *name, const char *path, size_t *total, struct sl_bundle *b,
                            struct sl_err *err)
{
	struct sl_buf bytes = { 0 };
	struct stat st;
	uint8_t chunk[16384];
	ssize_t n = 0;
	enum sl_rc rc = SL_OK;
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return sl_err_errno(err, errno == ELOOP ? SL_E_INTEGRITY : SL_E_IO, errno, "cannot read %s", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		rc = sl_err_set(err, SL_E_INTEGRITY, "%s is no regular file", path);
	while (rc == SL_OK && (n = read(fd, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			rc = sl_err_errno(err, SL_E_IO, errno, "cannot read %s", path);
			break;
		}
		*total += (size_t)n;
		if (*total > SL_BUF_MAX)
			rc = sl_err_set(err, SL_E_INTEGRITY, "the bundle is larger than any release");
		sl_buf_put(&bytes, chunk, (size_t)n);
	}
	(void)close(fd);
	if (rc == SL_OK)
		rc = sl_buf_ok(&bytes, path, err);
	if (rc == SL_OK)
		rc = sl_bundle_add(b, path, bytes.data, bytes.len, err);
	sl_buf_free(&bytes);
	return rc == SL_E_LIMIT ? sl_err_set(err, SL_E_INTEGRITY, "%s: too many files", path) : rc;
}

/* One folder; prefix "" at the top, "data/" below, and nothing deeper. A folder without a file is extra. */
static enum sl_rc read_folder(int parent, const char *name, const char *prefix, size_t *total, struct sl_bundle *b,
                              struct sl_err *err)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	uint32_t seen = 0;
	struct dirent *entry;
	enum sl_rc rc = SL_OK;

	if (d == NULL) {
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot read folder %s%s", prefix, name);
		if (fd >= 0)
			(void)close(fd);
		return rc;
	}
	while (rc == SL_OK && (entry = readdir(d)) != NULL) {
		char path[1024];
		struct stat st;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		seen++;
		(void)snprintf(path, sizeof path, "%s%s", prefix, entry->d_name);
		if (!sl_text_is_clean(path, strlen(path)))
			rc = sl_err_set(err, SL_E_INTEGRITY, "the bundle has a file with an odd name");
		else if (fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			rc = sl_err_errno(err, SL_E_IO, errno, "cannot read %s", path);
		else if (S_ISDIR(st.st_mode) && prefix[0] == '\0') {
			(void)snprintf(path, sizeof path, "%s/", entry->d_name);
			rc = read_folder(dirfd(d), entry->d_name, path, total, b, err);
		} else if (!S_ISREG(st.st_mode))
			rc = sl_err_set(err, SL_E_INTEGRITY, "%s is no regular file", path);
		else
			rc = read_file(dirfd(d), entry->d_name, path, total, b, err);
	}
	(void)closedir(d);
	if (rc == SL_OK && seen == 0)
		rc = sl_err_set(err, SL_E_INTEGRITY, "folder %s is empty", prefix[0] != '\0' ? prefix : name);
	return rc;
}

enum sl_rc sl_bundle_read(const char *dir, struct sl_bundle *out, struct sl_err *err)
{
	size_t total = 0;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = read_folder(AT_FDCWD, dir, "", &total, out, err);
	if (rc != SL_OK)
		sl_bundle_free(out);
	return rc;
}
