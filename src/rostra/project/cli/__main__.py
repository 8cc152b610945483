from rostra.project.cli.main import main

main()
