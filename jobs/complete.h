/*
 * complete.h - what a shell may complete of an enclave: names and ids, for whom they are. It reads state.db and nothing
 * else: it repairs and writes nothing, waits for no lock, and asks for no signature. Who types is taken from the public
 * half of their key: it decides what is offered, never what is allowed.
 */
#ifndef SL_JOBS_COMPLETE_H
#define SL_JOBS_COMPLETE_H

#include "enclave/base/buf.h"

enum sl_complete_kind {
	SL_COMPLETE_NOTHING = 0,
	SL_COMPLETE_TABLES,
	SL_COMPLETE_PROJECTS,     /* of an analyst theirs, else all */
	SL_COMPLETE_PEOPLE,
	SL_COMPLETE_JOBS, SL_COMPLETE_REQUESTS, SL_COMPLETE_RELEASES, SL_COMPLETE_APPLICATIONS, SL_COMPLETE_GRANTS,
	SL_COMPLETE_TO_REVIEW,    /* requests that wait and that this person may decide on */
};

/*
 * sl_complete - append the words that begin with prefix, a line each. Nothing where there is no enclave, or none of
 * this version, or somebody holds it.
 *   key_path  in  of the private key, NULL: the account's owner
 */
void sl_complete(const char *dir, const char *key_path, enum sl_complete_kind kind, const char *prefix,
                 struct sl_buf *out);

#endif
