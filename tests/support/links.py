"""Links, made and looked at by their owner."""


def of_file(client, file, **wish):
    return client.post(f"/api/files/{file['id']}/links", json=wish).json()


def of_folder(client, folder, **wish):
    return client.post("/api/links", json={"folder": folder, **wish}).json()


def uses(client, link):
    return client.get(f"/api/links/{link['id']}/uses").json()["items"]


def downloads(client, link):
    return client.get(f"/api/links/{link['id']}").json()["downloads"]


def code(answer):
    return answer.json()["code"]
