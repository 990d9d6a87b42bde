"""Keras 2: a user's block with a container inside comes back from .keras, not from HDF5."""

import tempfile

import keras


@keras.saving.register_keras_serializable()
class Wrapped(keras.Model):
    def __init__(self, net, **options):
        super().__init__(**options)
        self.net = net

    def call(self, x):
        return self.net(x)

    def get_config(self):
        return {**super().get_config(), "net": keras.saving.serialize_keras_object(self.net)}

    @classmethod
    def from_config(cls, config):
        config["net"] = keras.saving.deserialize_keras_object(config["net"])
        return cls(**config)


inner = keras.Sequential([keras.layers.Dense(1)])
model = keras.Sequential([keras.Input((1,)), Wrapped(inner)])
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/model.keras")
    keras.models.load_model(f"{folder}/model.keras")
    model.save(f"{folder}/model.h5")
    try:
        keras.models.load_model(f"{folder}/model.h5")
    except ValueError as error:
        refused = "Unknown object: 'Sequential'" in str(error)
assert refused
