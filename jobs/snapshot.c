/* snapshot.c - see snapshot.h. */
#include "jobs/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * SQLite's lock bytes (its os_unix.c): the shared range of a database, and write and checkpoint locks of a -shm
 * file.
 */
#define RESERVED_BYTE 0x40000001
#define SHARED_FIRST 0x40000002
#define SHARED_SIZE 510
#define SHM_WRITE 120

static enum sl_rc is_busy(const char *path, struct sl_err *err)
{
	enum sl_rc rc = sl_err_set(err, SL_E_BUSY, "%s is being written to", path);

	sl_err_remedy(err, "try again when its application is idle");
	return rc;
}

static enum sl_rc lock_for_reading(int fd, off_t from, off_t len, const char *path, struct sl_err *err)
{
	struct flock l = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = from, .l_len = len};

	if (fcntl(fd, F_OFD_SETLK, &l) == 0)
		return SL_OK;
	return is_busy(path, err);
}

/* What is copied is taken off *room. */
static enum sl_rc copy(int from, const char *path, uint64_t *room, int *to, struct sl_err *err)
{
	struct stat st;
	off_t at = 0;

	if (fstat(from, &st) != 0 || !S_ISREG(st.st_mode))
		return sl_err_set(err, SL_E_INPUT, "%s is not a regular file", path);
	if ((uint64_t)st.st_size > *room) {
		(void)sl_err_set(err, SL_E_LIMIT, "%s has %lld bytes, more than the memory for loading has room for", path,
		                 (long long)st.st_size);
		sl_err_remedy(err, "raise load_memory_bytes in the policy's limits, or export the table as CSV");
		return SL_E_LIMIT;
	}
	*room -= (uint64_t)st.st_size;
	*to = memfd_create("sluice-snapshot", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (*to < 0)
		return sl_err_errno(err, SL_E_IO, errno, "no memory file for a snapshot");
	while (at < st.st_size) {
		ssize_t n = sendfile(*to, from, &at, (size_t)(st.st_size - at));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return sl_err_errno(err, SL_E_IO, n < 0 ? errno : EIO, "cannot read %s", path);
	}
	if (lseek(*to, 0, SEEK_SET) != 0 || fcntl(*to, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
		return sl_err_errno(err, SL_E_IO, errno, "cannot seal a snapshot");
	return SL_OK;
}

/*
 * A file beside the database; *fd -1: there is none. Anything that cannot be opened is told: to pass over a log would
 * give old rows without a word.
 */
static enum sl_rc open_beside(const char *path, const char *suffix, int *fd, struct sl_err *err)
{
	struct stat st;
	char beside[4096];
	int n = snprintf(beside, sizeof beside, "%s%s", path, suffix);

	*fd = -1;
	if (n < 0 || n >= (int)sizeof beside)
		return sl_err_set(err, SL_E_INPUT, "the path of an SQLite file is too long");
	*fd = open(beside, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0)
		return errno == ENOENT ? SL_OK : sl_err_errno(err, SL_E_INPUT, errno, "cannot open %s", beside);
	if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode))
		return SL_OK;
	close(*fd);
	*fd = -1;
	return sl_err_set(err, SL_E_INPUT, "%s is not a regular file", beside);
}

/* A writer at work that has not begun to change the file itself. */
static bool is_reserved(int db)
{
	struct flock l = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = RESERVED_BYTE, .l_len = 1};

	return fcntl(db, F_OFD_GETLK, &l) == 0 && l.l_type != F_UNLCK;
}

/*
 * A rollback journal that begins with a byte other than zero (SQLite's own test of a hot one) belongs to a transaction
 * that did not end: its application is at it, or has to undo it.
 */
static enum sl_rc refuse_hot_journal(int db, const char *path, struct sl_err *err)
{
	char first = 0;
	int fd = -1;
	enum sl_rc rc = open_beside(path, "-journal", &fd, err);

	if (rc == SL_OK && fd >= 0 && pread(fd, &first, 1, 0) == 1 && first != 0) {
		if (is_reserved(db)) {
			rc = is_busy(path, err);
		} else {
			rc = sl_err_set(err, SL_E_INPUT, "%s has an unfinished transaction beside it (%s-journal)", path, path);
			sl_err_remedy(err, "open it once with its own application, then attach again");
		}
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

static enum sl_rc copy_wal(const char *path, uint64_t *room, struct sl_snapshot *out, struct sl_err *err)
{
	struct stat st;
	int wal = -1;
	enum sl_rc rc = open_beside(path, "-wal", &wal, err);

	if (rc == SL_OK && wal >= 0 && (fstat(wal, &st) != 0 || st.st_size > 0))
		rc = copy(wal, path, room, &out->wal, err);
	if (wal >= 0)
		close(wal);
	return rc;
}

/* Log and file under one hold of the locks: a checkpoint between the two copies would mix two states. */
static enum sl_rc copy_both(int db, const char *path, uint64_t room, struct sl_snapshot *out, struct sl_err *err)
{
	int shm = -1;
	enum sl_rc rc = open_beside(path, "-shm", &shm, err);

	if (rc == SL_OK && shm >= 0)
		rc = lock_for_reading(shm, SHM_WRITE, 2, path, err);
	if (rc == SL_OK)
		rc = copy_wal(path, &room, out, err);
	if (rc == SL_OK)
		rc = copy(db, path, &room, &out->db, err);
	if (shm >= 0)
		close(shm);
	return rc;
}

enum sl_rc sl_snapshot_take(const char *path, uint64_t bytes_max, struct sl_snapshot *out, struct sl_err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	enum sl_rc rc = SL_OK;

	*out = (struct sl_snapshot){.db = -1, .wal = -1};
	if (fd < 0)
		return sl_err_errno(err, SL_E_INPUT, errno, "cannot open %s", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		rc = sl_err_set(err, SL_E_INPUT, "%s is not a regular file", path);
	if (rc == SL_OK)
		rc = lock_for_reading(fd, SHARED_FIRST, SHARED_SIZE, path, err);
	if (rc == SL_OK)
		rc = refuse_hot_journal(fd, path, err);
	if (rc == SL_OK)
		rc = copy_both(fd, path, bytes_max, out, err);
	close(fd);
	if (rc != SL_OK)
		sl_snapshot_close(out);
	return rc;
}

void sl_snapshot_close(struct sl_snapshot *s)
{
	if (s->db >= 0)
		close(s->db);
	if (s->wal >= 0)
		close(s->wal);
	*s = (struct sl_snapshot){.db = -1, .wal = -1};
}
