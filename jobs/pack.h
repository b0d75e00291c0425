/*
 * pack.h - small words the workflow files share: several byte strings as one blob, digests as JSON, whose turn it is.
 */
#ifndef SL_JOBS_PACK_H
#define SL_JOBS_PACK_H

#include <jansson.h>

#include "jobs/actor.h"

/* sl_pack_list - append n, then each item as u32 length + bytes. sl_pack_unlist - the items; free with sl_pack_free. */
SL_MUST_CHECK enum sl_rc sl_pack_list(const struct sl_buf *items, uint32_t n, struct sl_buf *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_pack_unlist(const struct sl_buf *box, uint32_t max, struct sl_buf **items, uint32_t *n,
                                        struct sl_err *err);
void sl_pack_free(struct sl_buf *items, uint32_t n);

/* sl_pack_hex - a digest as a JSON text; NULL: out of memory. sl_pack_sha256 - of bytes, the same. */
json_t *sl_pack_hex(const uint8_t digest[static 32]);
json_t *sl_pack_sha256(const void *data, size_t len);
/* sl_pack_keyed - for the log: a digest of unpublished bytes that nobody without the vault key can guess at. */
json_t *sl_pack_keyed(const struct sl_enclave *e, const void *data, size_t len);
/* sl_pack_unhex - member `key` of obj as a digest; false: not there, or not 64 lower-case digits. */
bool sl_pack_unhex(const json_t *obj, const char *key, uint8_t out[static 32]);
/* sl_pack_keys - the names of an object's members as a list of texts, in byte order. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_pack_keys(json_t *obj, json_t **out, struct sl_err *err);
/* sl_pack_text - member as text; "" when it is none. */
const char *sl_pack_text(const json_t *obj, const char *key);

/* sl_pack_name - "J-7" into out. */
#define SL_PACK_NAME 24
void sl_pack_name(char letter, int64_t id, char out[static SL_PACK_NAME]);

/* sl_pack_cstr - the canonical text of v as heap text; v's reference is taken, NULL v is out of memory. */
SL_MUST_CHECK enum sl_rc sl_pack_cstr(json_t *v, char **out, struct sl_err *err);

/* sl_pack_dup - heap copy; SL_E_NOMEM. NULL copies as "". */
SL_MUST_CHECK enum sl_rc sl_pack_dup(const char *s, char **out, struct sl_err *err);

/*
 * sl_pack_sees - may this actor be shown something of `author` and `project`? Their own; of a project they are
 * analyst of;
 * anything when a role other than analyst lets them act so.
 */
bool sl_pack_sees(const struct sl_actor *actor, const struct sl_standing *standing, enum sl_action action,
                  const char *project, const char *author);
/* sl_pack_is_operator - the account's owner, or a person with the operator's role. */
bool sl_pack_is_operator(const struct sl_actor *actor, const struct sl_standing *standing);
/* sl_pack_who - for leaves: the person, or "operator". */
const char *sl_pack_who(const struct sl_actor *actor);

#endif
