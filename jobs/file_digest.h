/* file_digest.h - SHA-256 of the first bytes of an open file: segments, registries and sources are known by it. */
#ifndef SL_JOBS_FILE_DIGEST_H
#define SL_JOBS_FILE_DIGEST_H

#include "enclave/base/err.h"

/*
 * sl_file_digest - of bytes 0 to `bytes` of fd, whatever its position, which stays.
 *   what  in  for messages: "the segment of study.persons"
 * Fails: SL_E_INTEGRITY (the file is shorter), SL_E_IO, SL_E_NOMEM, SL_E_BUG.
 */
SL_MUST_CHECK enum sl_rc sl_file_digest(int fd, uint64_t bytes, const char *what, uint8_t out[static 32],
                                        struct sl_err *err);

#endif
