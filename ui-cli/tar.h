/*
 * tar.h - a directory as a ustar archive: how a bundle leaves over a session.
 */
#ifndef SL_UI_TAR_H
#define SL_UI_TAR_H

#include <stdbool.h>
#include <stdio.h>

#include "enclave/base/err.h"

/*
 * sl_tar_write - write the directory at root, named `name` in the archive, in the order of names: the same directory
 * gives the same bytes (owner and time are left out). Directories and regular files only.
 * sl_tar_remove - remove such a directory with all that is in it; what cannot be removed is left.
 * Fails: SL_E_IO; SL_E_INPUT (another kind of file, or a name longer than 99 bytes); SL_E_LIMIT (a file of 8 GiB).
 */
SL_MUST_CHECK enum sl_rc sl_tar_write(const char *root, const char *name, FILE *out, struct sl_err *err);
void sl_tar_remove(const char *root);

#endif
