/* private_file.c - see private_file.h. */
#include "jobs/sign/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PRIVATE_MODE 0600

static enum sl_rc write_all(int fd, const char *path, const uint8_t *data, size_t len, struct sl_err *err)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_errno(err, SL_E_IO, errno, "cannot write %s", path);
		data += n;
		len -= (size_t)n;
	}
	return SL_OK;
}

/* A name is on disk when its folder is. */
static enum sl_rc sync_folder(const char *path, struct sl_err *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
	enum sl_rc rc = SL_OK;
	int fd;

	if (folder == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for the folder of a key");
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot bring %s to disk", folder);
	if (fd >= 0)
		(void)close(fd);
	free(folder);
	return rc;
}

enum sl_rc sl_private_file_write(const char *path, const void *data, size_t len, struct sl_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, PRIVATE_MODE);
	enum sl_rc rc;

	if (fd < 0 && (errno == EEXIST || errno == ELOOP))
		return sl_err_set(err, SL_E_NO, "%s exists already; a key is never overwritten", path);
	if (fd < 0)
		return sl_err_errno(err, SL_E_IO, errno, "cannot make %s", path);
	/* A umask may have taken more than we ask; nothing may have added. */
	rc = fchmod(fd, PRIVATE_MODE) == 0 ? SL_OK : sl_err_errno(err, SL_E_IO, errno, "cannot protect %s", path);
	if (rc == SL_OK)
		rc = write_all(fd, path, data, len, err);
	if (rc == SL_OK && fsync(fd) != 0)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot bring %s to disk", path);
	if (close(fd) != 0 && rc == SL_OK)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot close %s", path);
	if (rc == SL_OK)
		rc = sync_folder(path, err);
	if (rc != SL_OK)
		(void)unlink(path);
	return rc;
}

static enum sl_rc judge(const struct stat *st, const char *path, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (!S_ISREG(st->st_mode))
		rc = sl_err_set(err, SL_E_DENIED, "%s is not a regular file", path);
	else if (st->st_uid != geteuid())
		rc = sl_err_set(err, SL_E_DENIED, "%s belongs to user %u, not to user %u who runs this", path,
		                (unsigned)st->st_uid, (unsigned)geteuid());
	else if ((st->st_mode & 077) != 0) {
		rc = sl_err_set(err, SL_E_DENIED, "%s has mode %04o: others than its owner may use it", path,
		                (unsigned)(st->st_mode & 07777));
		sl_err_remedy(err, "if nobody else has read it: chmod 600 %s", path);
	} else if (st->st_size > SL_PRIVATE_FILE_BYTES_MAX)
		rc = sl_err_set(err, SL_E_INPUT, "%s is longer than any key", path);
	return rc;
}

enum sl_rc sl_private_file_read(const char *path, struct sl_buf *out, struct sl_err *err)
{
	/* Not to wait for a writer if somebody put a pipe there. */
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	uint8_t bytes[SL_PRIVATE_FILE_BYTES_MAX + 1];
	size_t len = 0, before = out->len;
	struct stat st;
	enum sl_rc rc;

	if (fd < 0 && errno == ELOOP) {
		rc = sl_err_set(err, SL_E_DENIED, "%s is a symbolic link", path);
		sl_err_remedy(err, "name the file itself");
		return rc;
	}
	if (fd < 0)
		return sl_err_errno(err, SL_E_IO, errno, "cannot open %s", path);
	rc = fstat(fd, &st) == 0 ? judge(&st, path, err) : sl_err_errno(err, SL_E_IO, errno, "cannot look at %s", path);
	while (rc == SL_OK && len < sizeof bytes) {
		ssize_t n = read(fd, bytes + len, sizeof bytes - len);
		if (n == 0)
			break;
		if (n > 0)
			len += (size_t)n;
		else if (errno != EINTR)
			rc = sl_err_errno(err, SL_E_IO, errno, "cannot read %s", path);
	}
	if (rc == SL_OK && len > SL_PRIVATE_FILE_BYTES_MAX)
		rc = sl_err_set(err, SL_E_INPUT, "%s is longer than any key", path);
	if (rc == SL_OK) {
		sl_buf_put(out, bytes, len);
		rc = sl_buf_ok(out, path, err);
	}
	if (rc != SL_OK)
		out->len = before;
	explicit_bzero(bytes, sizeof bytes);
	(void)close(fd);
	return rc;
}
