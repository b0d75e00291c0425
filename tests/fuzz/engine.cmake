set(engine_room "${CMAKE_CURRENT_LIST_DIR}/../unit/engine")
sl_fuzz_target(engine_plan SOURCES "${CMAKE_CURRENT_LIST_DIR}/engine_plan.c" "${engine_room}/bench.c"
	"${engine_room}/memory_store.c" LINKS sl_engine sl_vault_writer sl_vault_keys PkgConfig::CMOCKA)
sl_fuzz_target(engine_atoms SOURCES "${CMAKE_CURRENT_LIST_DIR}/engine_atoms.c" LINKS sl_engine)
