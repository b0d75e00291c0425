# The Debian package: `./run package`, or cpack in a build directory. Included after all rooms.
# Programs are built by the target `programs` first, so that packing does not build the tests.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

# The manual and the completion come from the command table of the program itself; a program that does
# not offer them yet is packed without.
if(TARGET sluice)
	add_custom_target(manual
		COMMAND "${CMAKE_COMMAND}" "-DPROGRAM=$<TARGET_FILE:sluice>" "-DOUT=${CMAKE_BINARY_DIR}/share"
			-P "${CMAKE_SOURCE_DIR}/cmake/Manual.cmake"
		DEPENDS sluice VERBATIM)
	add_dependencies(programs manual)
endif()
install(FILES "${CMAKE_BINARY_DIR}/share/sluice.1.gz" DESTINATION share/man/man1 OPTIONAL)
install(FILES "${CMAKE_BINARY_DIR}/share/sluice.bash" DESTINATION share/bash-completion/completions RENAME sluice OPTIONAL)
# Static programs do not follow a library's update: the package says what it was built with.
execute_process(COMMAND dpkg-query -W "-f=\${Package} \${Version} (source \${source:Package} \${source:Version})\n"
	libc6-dev libseccomp-dev liblua5.4-dev libssl-dev libsqlite3-dev zlib1g-dev libjansson-dev libsmartcols-dev
	OUTPUT_FILE "${CMAKE_BINARY_DIR}/built-with.txt" RESULT_VARIABLE built_with ERROR_QUIET)
if(built_with EQUAL 0)
	install(FILES "${CMAKE_BINARY_DIR}/built-with.txt" DESTINATION share/doc/sluice)
endif()
install(FILES LICENSE NOTICE DESTINATION share/doc/sluice OPTIONAL)
install(FILES cmake/debian-copyright DESTINATION share/doc/sluice RENAME copyright)
file(GLOB top_pages "${CMAKE_SOURCE_DIR}/*.md")
install(FILES ${top_pages} DESTINATION share/doc/sluice)
install(DIRECTORY docs/ DESTINATION share/doc/sluice/docs)
install(DIRECTORY examples DESTINATION share/doc/sluice USE_SOURCE_PERMISSIONS)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sluice)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "The Sluice maintainers <sluice@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "analytics enclave: data does not leave, results do")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Analysts send Lua query jobs to where sensitive tables are; the jobs run confined. What comes out is
 aggregated, checked for disclosure, reviewed, signed, and only then released; anyone can verify a release offline.")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
# Libraries are found by dpkg-shlibdeps; ssh-keygen makes the signatures.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "openssh-client")
set(CPACK_STRIP_FILES ON)
include(CPack)
