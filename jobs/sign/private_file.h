/*
 * private_file.h - secrets on disk: written once, readable by their owner only, never through a link.
 *
 * Used for the enclave's signing key and the vault key.
 */
#ifndef SL_SIGN_PRIVATE_FILE_H
#define SL_SIGN_PRIVATE_FILE_H

#include "enclave/base/buf.h"

#define SL_PRIVATE_FILE_BYTES_MAX 4096

/*
 * sl_private_file_write - make path with mode 0600 and these bytes, on disk (file and folder fsynced) when it returns.
 * Fails: SL_E_NO (path exists already, as whatever it is; it is left alone), SL_E_IO (no file is left behind).
 */
SL_MUST_CHECK enum sl_rc sl_private_file_write(const char *path, const void *data, size_t len, struct sl_err *err);

/*
 * sl_private_file_read - append the bytes of path to out.
 * Fails: SL_E_DENIED with a remedy: a symbolic link, not a regular file, of another owner, open to group or others.
 *        SL_E_INPUT: larger than SL_PRIVATE_FILE_BYTES_MAX. SL_E_IO, SL_E_NOMEM, SL_E_LIMIT. out keeps its length.
 */
SL_MUST_CHECK enum sl_rc sl_private_file_read(const char *path, struct sl_buf *out, struct sl_err *err);

#endif
