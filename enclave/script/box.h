/*
 * box.h - relations as Lua values: Lua collects the boxes, and what it cannot finalise for lack of memory is
 * freed with the script.
 */
#ifndef SL_SCRIPT_BOX_H
#define SL_SCRIPT_BOX_H

#include "enclave/script/relation.h"
#include "enclave/script/state.h"

#define SL_BOX_TYPE "relation"

/*
 * sl_box_new - push a new, empty relation. Raises on lack of memory. Its metatable is made by bind.c, with
 * sl_box_collect as __gc.
 */
struct sl_relation *sl_box_new(lua_State *L);

/* sl_box_get - the relation at index, or NULL if it is something else. */
struct sl_relation *sl_box_get(lua_State *L, int index);

/* sl_box_collect - __gc; allocates nothing, since memory may be what has run out. */
int sl_box_collect(lua_State *L);

/* sl_box_free_all - after lua_close. */
void sl_box_free_all(struct sl_script *s);

#endif
