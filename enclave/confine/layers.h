/*
 * layers.h - the layers of confinement, by name, and which of them a job cannot do without.
 *
 * A confined process and the keeper each report what they saw switched on as a bit mask; the union goes
 * into the job's record and is what `sluice doctor` prints. A bit is set only by the code that made the
 * kernel call and saw it succeed.
 */
#ifndef SL_CONFINE_LAYERS_H
#define SL_CONFINE_LAYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enclave/confine/program.h"

enum sl_layer {
	/* required everywhere; in the order they are switched on, so that the first one missing is the cause */
	SL_LAYER_ARENA = 0, SL_LAYER_ENVIRONMENT, SL_LAYER_DESCRIPTORS, SL_LAYER_NO_NEW_PRIVS, SL_LAYER_CAPABILITIES,
	SL_LAYER_NOT_DUMPABLE, SL_LAYER_PARENT_DEATH, SL_LAYER_RLIMITS, SL_LAYER_SECCOMP, SL_LAYER_NO_NETWORK,
	/* wanted */
	SL_LAYER_ORDINARY_USER, SL_LAYER_SESSION, SL_LAYER_EMPTY_ROOT, SL_LAYER_MOUNT_NS, SL_LAYER_PID_NS,
	SL_LAYER_NET_NS, SL_LAYER_IPC_NS, SL_LAYER_UTS_NS, SL_LAYER_CGROUP_NS, SL_LAYER_LANDLOCK, SL_LAYER_MDWE,
	SL_LAYER_NO_CLOCK, SL_LAYER_CGROUP,
	SL_LAYER_COUNT
};

#define SL_LAYER_BIT(layer) (UINT32_C(1) << (layer))

struct sl_layer_row {
	enum sl_layer layer;
	const char *name;     /* "no-new-privs": stable, for policy, records and doctor */
	bool required;        /* without it no job starts */
	uint32_t not_for;     /* programs that do without it by their nature: bit 1 << enum sl_program */
	const char *reason;   /* what it is for */
	const char *missing;  /* what it means that it is off, and what would switch it on */
};

/* Indexed by enum sl_layer; SL_LAYER_COUNT rows. */
extern const struct sl_layer_row sl_layers_table[SL_LAYER_COUNT];

/*
 * sl_layers_required - mask of the layers no job starts without. In a sanitizer build seccomp, arena,
 * rlimits and no-network are not among them: such a build says so and must not be installed.
 */
uint32_t sl_layers_required(void);

/* sl_layers_for - mask of the layers that a program is to have; no-clock is not for those whose libraries read it. */
uint32_t sl_layers_for(enum sl_program program);

/* sl_layers_known - mask of all layers. sl_layers_find - the row of a name, or NULL. */
uint32_t sl_layers_known(void);
const struct sl_layer_row *sl_layers_find(const char *name);

#endif
