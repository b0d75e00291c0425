/*
 * file.c - reads and writes the files a person names. Called by commands.
 */
#include "ui-cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum sl_rc sl_file_read(const char *path, size_t bytes_max, struct sl_buf *out, struct sl_err *err)
{
	bool standard = strcmp(path, "-") == 0;
	const char *name = standard ? "standard input" : path;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t start = out->len;
	uint8_t piece[16384];
	enum sl_rc rc = SL_OK;

	if (fd < 0)
		return sl_err_errno(err, SL_E_IO, errno, "cannot open \"%s\"", path);
	for (;;) {
		ssize_t n = read(fd, piece, sizeof piece);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			rc = sl_err_errno(err, SL_E_IO, errno, "cannot read \"%s\"", name);
		if (n <= 0)
			break;
		if (out->len - start + (size_t)n > bytes_max) {
			rc = sl_err_set(err, SL_E_LIMIT, "\"%s\" is longer than %zu bytes", name, bytes_max);
			break;
		}
		sl_buf_put(out, piece, (size_t)n);
	}
	if (!standard)
		close(fd);
	return rc ? rc : sl_buf_ok(out, name, err);
}

enum sl_rc sl_file_write_new(const char *path, mode_t mode, const void *data, size_t len, struct sl_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, mode);
	const uint8_t *at = data;
	enum sl_rc rc = SL_OK;

	if (fd < 0 && errno == EEXIST)
		return sl_err_set(err, SL_E_NO, "\"%s\" exists already", path);
	if (fd < 0)
		return sl_err_errno(err, SL_E_IO, errno, "cannot make \"%s\"", path);
	while (len && !rc) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			rc = sl_err_errno(err, SL_E_IO, errno, "cannot write \"%s\"", path);
			break;
		}
		at += n;
		len -= (size_t)n;
	}
	if (!rc && fsync(fd) != 0 && errno != EINVAL && errno != EROFS)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot write \"%s\"", path);
	close(fd);
	if (rc)
		unlink(path);
	return rc;
}
