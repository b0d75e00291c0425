/*
 * file.h - files named on the command line.
 */
#ifndef SL_UI_FILE_H
#define SL_UI_FILE_H

#include <sys/types.h>

#include "enclave/base/buf.h"

/* sl_file_read - append the whole file, "-" is standard input; at most bytes_max. SL_E_IO, SL_E_LIMIT, SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_file_read(const char *path, size_t bytes_max, struct sl_buf *out, struct sl_err *err);
/*
 * sl_file_write_new - make a file of that mode (less the umask) that must not exist, and write it to disk; it is
 * removed again on failure.
 */
SL_MUST_CHECK enum sl_rc sl_file_write_new(const char *path, mode_t mode, const void *data, size_t len,
                                           struct sl_err *err);

#endif
