sl_unit_test(attack_load_hostile SOURCES "${CMAKE_CURRENT_LIST_DIR}/load-hostile.c"
	"${CMAKE_SOURCE_DIR}/tests/unit/load/harness.c" LINKS sl_load sl_vault_reader sl_keeper LABELS attacks)
add_dependencies(attack_load_hostile sluice-load)
sl_unit_test(attack_load_mutated SOURCES "${CMAKE_CURRENT_LIST_DIR}/load-mutated.c"
	"${CMAKE_SOURCE_DIR}/tests/unit/load/harness.c" LINKS sl_load sl_vault_reader sl_keeper LABELS attacks)
add_dependencies(attack_load_mutated sluice-load)
# Twenty thousand, run when asked for: ctest -L long.
add_test(NAME attack_load_mutated_long COMMAND attack_load_mutated)
set_tests_properties(attack_load_mutated_long PROPERTIES LABELS long TIMEOUT 10800
	ENVIRONMENT "SL_MUTATIONS=20000;SL_MUTATION_SEED=7")

# Each directory load-*, by its name, through the real sluice and sluice-load.
file(GLOB load_attacks CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/load-*/make.py")
foreach(generator ${load_attacks})
	get_filename_component(dir "${generator}" DIRECTORY)
	get_filename_component(name "${dir}" NAME)
	add_test(NAME attack-${name} COMMAND sh "${CMAKE_CURRENT_LIST_DIR}/load.sh" "${dir}")
	set_tests_properties(attack-${name} PROPERTIES TIMEOUT 120 LABELS "everyday;attacks;processes"
		ENVIRONMENT "SLUICE_BIN=$<TARGET_FILE_DIR:sluice>")
endforeach()
