#!/usr/bin/env python3
"""Looks into the manifest of packaging/kubernetes.

kubernetes.py check      holds it to the schemas of the oldest and the newest Kubernetes known, strictly
kubernetes.py file NAME  prints a file of its ConfigMap
kubernetes.py image      prints the version of dotproxy's image
kubernetes.py command CONTAINER
                         prints the command or the arguments of a container, a word on each line
kubernetes.py probe NAME prints the command of dotproxy's startupProbe, readinessProbe, livenessProbe
"""

import sys

import yaml

MANIFEST = "packaging/kubernetes/dotproxy.yaml"
VERSIONS = ("1.25", "1.37")


def documents():
    with open(MANIFEST, encoding="utf-8") as file:
        return list(yaml.safe_load_all(file))


def of_kind(kind):
    (found,) = [document for document in documents() if document["kind"] == kind]
    return found


def containers():
    pod = of_kind("DaemonSet")["spec"]["template"]["spec"]
    return {container["name"]: container for container in pod["initContainers"] + pod["containers"]}


def check():
    # Only this needs what is not in Debian.
    import kubernetes_validate

    for document in documents():
        for version in VERSIONS:
            kubernetes_validate.validate(document, version, strict=True)
            print(f"{document['kind']} {document['metadata']['name']}: good for {version}")


def main():
    match sys.argv[1:]:
        case ["check"]:
            check()
        case ["file", name]:
            print(of_kind("ConfigMap")["data"][name], end="")
        case ["image"]:
            print(containers()["dotproxy"]["image"].rpartition(":")[2])
        case ["command", name]:
            container = containers()[name]
            print("\n".join(container.get("command", []) + container.get("args", [])))
        case ["probe", name]:
            print(" ".join(containers()["dotproxy"][name]["exec"]["command"]))
        case _:
            sys.exit(__doc__)


main()
