from rostra.project.cli.main import main

if __name__ == "__main__":  # a web worker that is spawned imports this too
    main()
