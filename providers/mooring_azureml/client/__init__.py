"""Azure's own libraries behind the port `mooring_azureml.arm.port.Arm`.

The only package of this provider that imports `azure.*`; `provider.py` imports it inside functions, so that
nobody who does not talk to Azure pays the 160 ms.
"""
