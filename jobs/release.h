/*
 * release.h - what left: the bundle is made from what the gate opened for, and anyone verifies it offline.
 */
#ifndef SL_JOBS_RELEASE_H
#define SL_JOBS_RELEASE_H

#include "jobs/request.h"

struct sl_release {
	int64_t id, request;
	char *project, *dir;      /* dir: DIR/releases/L-1 */
	int64_t released_at;
	int64_t revoked_at;       /* 0: it was not */
	char *revoked_by, *reason;
	int64_t recovered_at;     /* 0: it was not entered again after a restore */
	int64_t left_as;          /* the number it left under, which another has here; 0: its own */
	char *recovered_by;
	char *unknown;            /* who stands behind it is not known here, and why; "": it is. NULL with recovered_at 0 */
	struct sl_fetched {
		int64_t at;       /* the last time */
		char *person;
	} *fetched;
	uint32_t nfetched;
};
SL_MUST_CHECK enum sl_rc sl_release_list(struct sl_enclave *e, const struct sl_actor *actor, struct sl_release **out,
                                         uint32_t *nout, struct sl_err *err);
void sl_release_list_free(struct sl_release *r, uint32_t n);

/*
 * sl_release_revoke - what left should not be used any more: recorded with its leaf, signed when there is a key here.
 * The release stays in history: later requests are compared with it as before, since what has left has left.
 * Fails: as sl_moves_ask; SL_E_NO: no such release of theirs; SL_E_INPUT: the reason.
 */
#define SL_RELEASE_REVOKED "revoked"
#define SL_RELEASE_NAMESPACE "release@sluice"
SL_MUST_CHECK enum sl_rc sl_release_revoke(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                           const char *reason, struct sl_err *err);
/*
 * sl_release_may_get, sl_release_may_revoke - what these ask of a release when the role allows it; nothing is done.
 *   standing  in  revoke: with catalogues, which name owners
 */
SL_MUST_CHECK enum sl_rc sl_release_may_get(struct sl_enclave *e, const struct sl_actor *actor,
                                            const struct sl_standing *standing, int64_t id, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_release_may_revoke(struct sl_enclave *e, const struct sl_actor *actor,
                                               const struct sl_standing *standing, int64_t id, struct sl_err *err);
/* sl_release_one - as sl_release_list shows it, as a list of one. SL_E_NO. */
SL_MUST_CHECK enum sl_rc sl_release_one(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                        struct sl_release **out, struct sl_err *err);

/*
 * sl_release_get - copy the bundle to `to` (must not exist). Rebuilds DIR/releases/L-n from state.db when a crash
 * left it unmade. One that was revoked is copied to auditors alone: SL_E_DENIED with rule "revoked". One whose units a
 * restore lost is not copied: SL_E_NO.
 */
SL_MUST_CHECK enum sl_rc sl_release_get(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, const char *to,
                                        struct sl_err *err);

/*
 * sl_release_verify - verify a bundle directory offline; no enclave, no state.
 *   anchor  in  text of the anchor, NULL: none → everything else is checked, then SL_E_UNDECIDED (signer unknown)
 *   steps   out one line per check made, "ok …" or "FAILED …"; "note …" of what its statement tells, and at the end
 *               "it is …", or without an anchor "it says that it is …"
 * Fails: SL_E_INTEGRITY naming file and check; SL_E_INPUT (anchor malformed); SL_E_IO.
 */
SL_MUST_CHECK enum sl_rc sl_release_verify(const char *dir, const char *anchor, size_t nanchor, struct sl_buf *steps,
                                           struct sl_err *err);

/*
 * sl_release_export_acro - a verified bundle written anew as ACRO writes its results: results.json, each CSV byte for
 * byte, checksums/; every [c] under one check. SACRO Viewer opens it.
 *   anchor  in  as for sl_release_verify; NULL: nobody asks whose it is
 *   to      in  a directory that does not exist
 *   steps   out as sl_release_verify
 * Fails: as sl_release_verify; SL_E_NO (to exists); SL_E_IO.
 */
SL_MUST_CHECK enum sl_rc sl_release_export_acro(const char *dir, const char *anchor, size_t nanchor, const char *to,
                                                struct sl_buf *steps, struct sl_err *err);

#endif
