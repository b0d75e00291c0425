sl_unit_test(attack_load_hostile SOURCES "${CMAKE_CURRENT_LIST_DIR}/load-hostile.c"
	"${CMAKE_SOURCE_DIR}/tests/unit/load/harness.c" LINKS sl_load sl_vault_reader sl_keeper LABELS attacks)
add_dependencies(attack_load_hostile sluice-load)
